//! Notifications of PostgreSQL about completed checkouts.

use std::{io, time::Duration};

use sqlx::{
    Executor, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::time::timeout;

/// Time without notifications after which the connection is tested. A firewall can drop an idle connection silently.
const PING_INTERVAL: Duration = Duration::from_secs(60);

/// Maximum time to connect, and to wait for the response to a ping.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Reports the payloads of a channel, and `None` whenever notifications begin. Ends if the connection fails and cannot be
/// replaced.
pub(super) async fn listen(
    pool: &PgPool,
    channel: &str,
    completed: impl Fn(Option<&str>) + Send + Sync,
) -> Result<(), sqlx::Error> {
    // Not a connection of the application's pool, which may have only one.
    let options = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(TIMEOUT);
    let pool = options.connect_lazy_with((*pool.connect_options()).clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(channel).await?;
    completed(None);
    loop {
        match timeout(PING_INTERVAL, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => completed(Some(notification.payload())),
            // The connection was lost and replaced.
            Ok(Ok(None)) => completed(None),
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                let ping = timeout(TIMEOUT, listener.execute("SELECT 1")).await;
                ping.map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??;
            }
        }
    }
}
