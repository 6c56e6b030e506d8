//! The connection between a browser and a server, which can be slow or missing, in every engine.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split},
    net::{TcpListener, TcpStream},
    select,
    sync::{Mutex, mpsc, watch},
    time::{Instant, sleep, sleep_until},
    try_join,
};

/// Small compared with the bytes in a second, so that simultaneous responses share the connection.
const CHUNK: usize = 2048;

/// The number of chunks that can be on their way.
const CHUNKS_IN_FLIGHT: usize = 64;

/// How a connection behaves. The default adds no delay.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conditions {
    /// The time from a request to the response of an immediate server.
    pub(crate) latency: Duration,
    /// The limit of all responses together. `None` for no limit.
    pub(crate) bytes_per_second: Option<u32>,
    /// Whether connections are refused.
    pub(crate) offline: bool,
}

/// All connections to a server. Clones share the state.
#[derive(Clone)]
pub(crate) struct Network {
    conditions: watch::Sender<Conditions>,
    /// Locked while a chunk of a response is transmitted.
    link: Arc<Mutex<()>>,
}

/// A listener whose connections behave as the network does.
pub(super) struct NetworkListener {
    listener: TcpListener,
    network: Network,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
}

impl Network {
    pub(super) fn new() -> Self {
        Self {
            conditions: watch::Sender::default(),
            link: Arc::default(),
        }
    }

    /// Changes the conditions, also of open connections.
    pub(crate) fn set(&self, conditions: Conditions) {
        self.conditions.send_replace(conditions);
    }

    pub(super) fn listen(&self, listener: TcpListener) -> NetworkListener {
        NetworkListener {
            listener,
            network: self.clone(),
        }
    }

    /// Relays bytes between a browser and the server until one of them closes the connection.
    async fn relay(self, browser: TcpStream, server: DuplexStream) {
        let (from_browser, to_browser) = browser.into_split();
        let (from_server, to_server) = split(server);
        let mut conditions = self.conditions.subscribe();
        let relay = async {
            try_join!(
                self.pump(from_browser, to_server, Direction::Request),
                self.pump(from_server, to_browser, Direction::Response)
            )
        };
        // Both drop the connection: an error because one side has closed it, and a missing network.
        select! {
            _ = relay => {}
            _ = conditions.wait_for(|conditions| conditions.offline) => {}
        }
    }

    async fn pump(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        direction: Direction,
    ) -> io::Result<()> {
        let (in_flight, mut arriving) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let read = async move {
            let mut buffer = [0; CHUNK];
            loop {
                let length = from.read(&mut buffer).await?;
                if length == 0 {
                    return Ok(());
                }
                let conditions = *self.conditions.borrow();
                if direction == Direction::Response
                    && let Some(rate) = conditions.bytes_per_second
                {
                    let _link = self.link.lock().await;
                    let length = u32::try_from(length).expect("a chunk is small");
                    sleep(Duration::from_secs(1) * length / rate).await;
                }
                let arrives_at = Instant::now() + conditions.latency / 2;
                let chunk = (arrives_at, buffer[..length].to_vec());
                if in_flight.send(chunk).await.is_err() {
                    return Ok(());
                }
            }
        };
        let write = async move {
            while let Some((arrives_at, chunk)) = arriving.recv().await {
                sleep_until(arrives_at).await;
                to.write_all(&chunk).await?;
            }
            to.shutdown().await
        };
        try_join!(read, write).map(|_| ())
    }
}

impl Listener for NetworkListener {
    type Io = DuplexStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (DuplexStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let (server, relayed) = duplex(CHUNK);
        tokio::spawn(self.network.clone().relay(stream, relayed));
        (server, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Listener::local_addr(&self.listener)
    }
}
