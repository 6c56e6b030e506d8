//! `cargo run -p storefront`: the shop on 127.0.0.1, with a local stand-in for Kelviq unless variables say otherwise.

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{self, ErrorKind, IsTerminal, Write},
    net::Ipv4Addr,
    path::Path,
    process::ExitCode,
};

use kelviq_axum::Shop;
use storefront::{Config, Payments, Site, app_with_site, serve, stand_in};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // It would complain to stderr, and panic when nobody reads that.
        .log_internal_errors(false)
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
    let listener = listen(config.port).await?;
    let address = format!("http://{}", listener.local_addr()?);
    say(&format!("storefront on {address}"));

    // The stand-in stops when it is dropped.
    let (shop, webhook_secret, _stand_in) = match config.payments {
        Payments::Kelviq {
            shop,
            environment,
            webhook_secret,
        } => {
            tracing::info!(
                %environment,
                api = shop.kelviq().base_url(),
                public_url = shop.public_url().unwrap_or("not set: on loopback only"),
                "Kelviq takes the payments"
            );
            tracing::warn!("orders are kept in memory: they are gone when this program ends");
            (shop, webhook_secret, None)
        }
        Payments::StandIn => {
            say(
                "no money moves: a local stand-in for Kelviq takes the payments; \
                 set KELVIQ_API_KEY, KELVIQ_WEBHOOK_SECRET and PUBLIC_URL to talk to Kelviq",
            );
            let kelviq = stand_in(&address).await?;
            let shop = Shop::on_loopback(kelviq.client());
            (shop, kelviq.webhook_secret(), Some(kelviq))
        }
    };
    let site = site(&config.site_root);
    let app = app_with_site(shop, webhook_secret, site)?;
    Ok(serve(listener, app).await?)
}

/// Looked for once: whether pages have a script does not change while the program runs.
fn site(root: &Path) -> Option<Site> {
    let site = Site::at(root);
    let root = root.display();
    if site.is_some() {
        tracing::info!(%root, "browsers take the pages over");
    } else {
        tracing::info!(%root, "no scripts for browsers: nothing that `cargo leptos build` makes is there");
    }
    site
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

/// Prints a line. Unlike `println!` it does not panic when nobody reads what the program prints.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
