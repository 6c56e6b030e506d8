//! Serves the shop on 127.0.0.1: `cargo run -p storefront`. Payments go to a local fake of Kelviq unless the environment
//! configures an account.

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
use storefront::{Config, Database, Payments, Server, Site, app, serve, start_fake_kelviq};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The default log levels. PostgreSQL notes at each start that the tables exist already.
const LOG_LEVELS: &str = "info,sqlx=warn";

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG_LEVELS));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // Internal errors are printed to stderr, which panics if stderr is closed.
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
    let string = |text: OsString| text.to_string_lossy().into_owned();
    let vars = env::vars_os().map(|(name, value)| (string(name), string(value)));
    let config = Config::from_vars(vars)?;
    let database_url = &config.database_url;
    let database = Database::open(database_url)
        .await
        .map_err(|error| format!("cannot open the database, {database_url}: {error}"))?;
    let listener = listen(config.port).await?;
    let address = format!("http://{}", listener.local_addr()?);
    print_line(&format!("storefront on {address}"));

    // The fake stops when it is dropped.
    let (shop, webhook_secret, _fake_kelviq) = match config.payments {
        Payments::Kelviq {
            shop,
            environment,
            webhook_secret,
        } => {
            tracing::info!(
                %environment,
                api = shop.kelviq().base_url(),
                public_url = shop.public_url().unwrap_or("not set; only reachable on loopback"),
                "payments go to Kelviq"
            );
            (shop, webhook_secret, None)
        }
        Payments::Fake => {
            print_line(
                "test mode: payments go to a local fake of Kelviq, and nobody is charged; \
                 set KELVIQ_API_KEY, KELVIQ_WEBHOOK_SECRET and PUBLIC_URL to use Kelviq",
            );
            let kelviq = start_fake_kelviq(&address).await?;
            let shop = Shop::on_loopback(kelviq.client());
            (shop, kelviq.webhook_secret(), Some(kelviq))
        }
    };
    tracing::info!("orders are kept in {database_url}");
    let site = find_site(&config.site_root);
    let Server { router, webhooks } = app(shop, webhook_secret, site, database)?;
    Ok(serve(listener, router, webhooks).await?)
}

/// Returns the site in this folder, and logs whether there is one.
fn find_site(root: &Path) -> Option<Site> {
    let site = Site::at(root);
    let root = root.display();
    if site.is_some() {
        tracing::info!(%root, "pages are hydrated");
    } else {
        tracing::info!(%root, "pages are not hydrated: `cargo leptos build` has not built the site");
    }
    site
}

async fn listen(port: u16) -> Result<TcpListener, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("port {port} is already in use; set PORT to a free port")
            }
            _ => format!("cannot listen on 127.0.0.1:{port}: {error}"),
        })
}

/// Prints a line. Unlike `println!`, this does not panic if stdout is closed.
fn print_line(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
