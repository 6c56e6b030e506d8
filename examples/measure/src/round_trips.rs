//! Counts the round trips between a server and PostgreSQL.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    try_join,
};

use crate::Result;

/// A proxy in front of PostgreSQL that counts the messages `ReadyForQuery`. PostgreSQL sends one at the end of each round trip.
pub(crate) struct RoundTrips(Arc<AtomicU64>);

impl RoundTrips {
    /// Starts a proxy in front of the database with this URL. Returns the proxy, and the URL of the database through it.
    pub(crate) async fn start(database_url: &str) -> Result<(Self, String)> {
        let options: PgConnectOptions = database_url.parse()?;
        let database = format!("{}:{}", options.get_host(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let count = Arc::<AtomicU64>::default();
        let counter = count.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (database, counter) = (database.clone(), counter.clone());
                tokio::spawn(async move {
                    if let Err(error) = forward(client, &database, &counter).await {
                        eprintln!("the proxy in front of the database failed: {error}");
                    }
                });
            }
        });
        // The messages cannot be read through TLS.
        let options = options.ssl_mode(PgSslMode::Disable);
        let options = options.host("127.0.0.1").port(address.port());
        Ok((Self(count), options.to_url_lossy().to_string()))
    }

    /// Returns the number of round trips so far.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

async fn forward(client: TcpStream, database: &str, count: &AtomicU64) -> Result<()> {
    let database = TcpStream::connect(database).await?;
    database.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_database, mut to_database) = database.into_split();
    let requests = async {
        copy(&mut from_client, &mut to_database).await?;
        to_database.shutdown().await
    };
    try_join!(
        requests,
        forward_responses(&mut from_database, &mut to_client, count)
    )?;
    Ok(())
}

/// Forwards messages: a type, a length in 4 bytes that includes them, and the content.
async fn forward_responses(
    from_database: &mut OwnedReadHalf,
    to_client: &mut OwnedWriteHalf,
    count: &AtomicU64,
) -> std::io::Result<()> {
    let mut received = Vec::new();
    while from_database.read_buf(&mut received).await? > 0 {
        let mut complete = 0;
        while let Some([kind, length @ ..]) = received[complete..].first_chunk::<5>() {
            let end = complete + 1 + u32::from_be_bytes(*length) as usize;
            if received.len() < end {
                break;
            }
            count.fetch_add(u64::from(*kind == b'Z'), Ordering::Relaxed);
            complete = end;
        }
        to_client.write_all(&received[..complete]).await?;
        received.drain(..complete);
    }
    Ok(())
}
