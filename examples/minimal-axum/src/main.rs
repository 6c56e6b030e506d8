//! The smallest axum application that sells through Kelviq: `POST /buy` sends the buyer to the checkout, and
//! `POST /webhooks/kelviq` fulfils what was paid.
//!
//! It reads `KELVIQ_API_KEY`, `KELVIQ_ENV`, `KELVIQ_BASE_URL`, `KELVIQ_WEBHOOK_SECRET`, `PUBLIC_URL` and `PORT`.

use std::{env, error::Error, net::Ipv4Addr};

use kelviq_axum::Shop;
use kelviq_core::WebhookSecret;
use minimal_axum::app;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().init();
    if let Err(error) = run().await {
        eprintln!("minimal-axum: {error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let app = app(Shop::from_env()?, WebhookSecret::from_env()?);
    let port = match env::var("PORT") {
        Ok(port) if !port.is_empty() => port.parse().map_err(|_| "PORT is not a port number")?,
        _ => 3000,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| format!("port {port} cannot be listened on: {error}"))?;
    println!("minimal-axum on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
