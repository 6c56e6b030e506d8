//! Serving until somebody stops the program.

use std::{
    future::{IntoFuture, pending},
    io,
    time::Duration,
};

use axum::Router;
use tokio::{net::TcpListener, signal, sync::oneshot, time::sleep};

/// How long requests that are under way may take once the program is to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves until Ctrl-C or SIGTERM, then lets requests end that are under way: for 5 s, or until it is told again.
///
/// # Errors
///
/// When the server cannot go on.
pub async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    let (stop, stopping) = oneshot::channel();
    let server = axum::serve(listener, app).with_graceful_shutdown(async {
        told_to_stop().await;
        tracing::info!("stopping; Ctrl-C again does not wait for requests that are under way");
        let _ = stop.send(());
    });
    // One slow client must not keep the program running.
    let out_of_patience = async {
        if stopping.await.is_ok() {
            tokio::select! {
                () = sleep(DRAIN) => {}
                () = told_to_stop() => {}
            }
        }
    };
    tokio::select! {
        result = server.into_future() => result,
        () = out_of_patience => Ok(()),
    }
}

async fn told_to_stop() {
    let ctrl_c = async {
        if signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    tokio::select! {
        () = ctrl_c => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    pending().await
}
