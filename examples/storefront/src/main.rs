//! `cargo run -p storefront`: the shop on 127.0.0.1, with a local stand-in for Kelviq unless variables say otherwise.

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{self, ErrorKind, IsTerminal},
    net::Ipv4Addr,
    process::ExitCode,
    time::Duration,
};

use kelviq_axum::{Shop, fake::FakeKelviq};
use storefront::{Config, Payments, app};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("storefront: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    let config = Config::from_vars(env::vars_os().map(|(name, value)| (text(name), text(value))))?;
    let is_https = config.is_https();
    let listener = listen(config.port).await?;
    let address = format!("http://{}", listener.local_addr()?);

    // The stand-in stops when it is dropped.
    let (kelviq, webhook_secret, stand_in) = match config.payments {
        Payments::Kelviq {
            kelviq,
            webhook_secret,
        } => (kelviq, webhook_secret, None),
        Payments::StandIn => {
            let fake = FakeKelviq::builder()
                .webhook_url(format!("{address}/webhooks/kelviq"))
                // Late, so that one sees the shop wait for it, as it will have to wait for Kelviq.
                .delivery_delay(Duration::from_secs(2))
                .start()
                .await?;
            (fake.client(), fake.webhook_secret(), Some(fake))
        }
    };
    let shop = match config.public_url {
        Some(url) => Shop::new(kelviq, &url)?,
        None => Shop::on_loopback(kelviq),
    };
    let app = app(shop, webhook_secret, is_https)?;

    println!("storefront on {address}");
    if stand_in.is_some() {
        println!(
            "no money moves: a local stand-in for Kelviq takes the payments; \
             set KELVIQ_API_KEY, KELVIQ_WEBHOOK_SECRET and PUBLIC_URL to sell for real"
        );
    }
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // There is no such signal here, so nothing is to be waited for.
                std::future::pending::<()>().await;
            }
        })
        .await?;
    Ok(())
}

async fn listen(port: u16) -> Result<TcpListener, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("port {port} is taken by another program; set PORT to a free one")
            }
            _ => format!("cannot listen on 127.0.0.1:{port}: {error}"),
        })
}
