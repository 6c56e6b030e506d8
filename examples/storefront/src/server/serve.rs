//! Serving requests, with graceful shutdown.

use std::{
    future::{IntoFuture, pending},
    io,
    net::SocketAddr,
    time::Duration,
};

use axum::Router;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, join},
};
use tokio::{net::TcpListener, signal, time::sleep};

/// Maximum time to wait for pending requests and events on shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Completes when the server shuts down. Clones complete at the same time.
pub type Shutdown = Shared<BoxFuture<'static, ()>>;

/// Serves the application until Ctrl-C or SIGTERM, with `background` beside it. Then waits up to 5 s for pending requests
/// and for `background`. A second signal ends the wait.
///
/// Handlers can extract the client's address. Kelviq sets prices by location, so a checkout sends it.
///
/// # Errors
///
/// Returns an error if the server fails.
pub async fn serve<F: Future<Output = ()>>(
    listener: TcpListener,
    app: Router,
    background: impl FnOnce(Shutdown) -> F,
) -> io::Result<()> {
    let shutdown = shutdown_signal().boxed().shared();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(shutdown.clone());
    let background = background(shutdown.clone());
    // Without a limit, one slow client could keep the program running.
    let shutdown_limit = async {
        shutdown.await;
        tokio::select! {
            // Polled in this order, so that a second signal is handled as soon as the log mentions it.
            biased;
            () = shutdown_signal() => {}
            () = log_and_wait() => {}
        }
    };
    tokio::select! {
        (result, ()) = join(server.into_future(), background) => result,
        () = shutdown_limit => Ok(()),
    }
}

async fn log_and_wait() {
    tracing::info!("shutting down; press Ctrl-C again to abort pending requests");
    sleep(SHUTDOWN_TIMEOUT).await;
}

/// Completes on Ctrl-C or SIGTERM.
async fn shutdown_signal() {
    let ctrl_c = async {
        if signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    tokio::select! {
        () = ctrl_c => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => pending().await,
    }
}

#[cfg(not(unix))]
async fn terminate() {
    pending().await
}
