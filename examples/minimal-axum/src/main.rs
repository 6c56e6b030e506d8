//! A minimal axum application that sells through Kelviq. `POST /buy` redirects the buyer to the checkout, and
//! `POST /webhooks/kelviq` receives an event when a checkout is paid.
//!
//! It reads the environment variables `KELVIQ_API_KEY` or `KELVIQ_SERVER_API_KEY`, `KELVIQ_ENV`, `KELVIQ_BASE_URL`,
//! `KELVIQ_EDGE_BASE_URL`, `KELVIQ_WEBHOOK_SECRET`, `PUBLIC_URL` and `PORT`.

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
};

use kelviq_axum::Shop;
use kelviq_core::WebhookSecret;
use minimal_axum::app;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    if let Err(error) = run().await {
        eprintln!("minimal-axum: {error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let app = app(Shop::from_env()?, WebhookSecret::from_env()?);
    let port = match env::var("PORT").unwrap_or_default().trim() {
        "" => 3000,
        port => port
            .parse()
            .map_err(|_| "PORT is invalid; expected a number from 0 to 65535")?,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    // Unlike println!, this does not panic if stdout is closed.
    let _ = writeln!(
        io::stdout(),
        "minimal-axum on http://{}",
        listener.local_addr()?
    );
    // With the buyer's address, which Kelviq needs for prices by location.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, app).await?)
}
