//! `FakeKelviq` as a server, for development without an account.

use std::{
    io::{self, IsTerminal, Write},
    net::{IpAddr, Ipv4Addr},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use kelviq_axum::fake::FakeKelviq;
use kelviq_core::WebhookSecret;
use tracing_subscriber::EnvFilter;

/// A fake Kelviq for local development: the API for checkouts, customers, subscriptions and entitlements, the hosted
/// checkout page, the customer portal, and signed webhooks. No real payments are made.
///
/// It listens only on 127.0.0.1 unless --listen is given, and keeps its data in memory. To use it with an app, set
/// KELVIQ_BASE_URL, KELVIQ_API_KEY and KELVIQ_WEBHOOK_SECRET.
#[derive(Parser)]
#[command(version)]
#[expect(clippy::doc_markdown, reason = "these comments are the text of --help")]
struct Options {
    /// The IP address to listen on, such as 0.0.0.0 in a container. Everyone who can reach an address beyond loopback
    /// can pay checkouts
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::from(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,

    /// The port; 0 for a free one
    #[arg(long, default_value_t = 4010)]
    port: u16,

    /// The URL under which browsers reach this server, such as `http://kelviq.test:4010`; by default, the address that it
    /// listens on
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,

    /// The server API key to accept
    #[arg(long, value_name = "KEY", default_value = "server-test")]
    api_key: String,

    /// The URL to deliver webhooks to; without it, none are delivered
    #[arg(long, value_name = "URL")]
    webhook_url: Option<String>,

    /// The secret to sign webhooks with
    #[arg(long, value_name = "SECRET", default_value = "kq_whsec_test")]
    webhook_secret: String,

    /// Redirect the buyer to the shop first and deliver the webhook this many seconds later
    #[arg(long, value_name = "SECONDS")]
    delivery_delay: Option<u64>,

    /// The price of a plan, such as `team=180.00:USD`; may be repeated
    #[arg(long, value_name = "PLAN=AMOUNT:CURRENCY", value_parser = price)]
    price: Vec<(String, String, String)>,

    /// A feature of a plan, such as `pro=analytics`, or `pro=api-calls:1000` with a usage limit; may be repeated
    #[arg(long, value_name = "PLAN=FEATURE[:LIMIT]", value_parser = feature)]
    feature: Vec<(String, String, Option<u32>)>,
}

fn price(text: &str) -> Result<(String, String, String), &'static str> {
    let parts = text.split_once('=').and_then(|(plan, price)| {
        let (amount, currency) = price.split_once(':')?;
        Some((plan.into(), amount.into(), currency.into()))
    });
    parts.ok_or("expected a format such as team=180.00:USD")
}

fn feature(text: &str) -> Result<(String, String, Option<u32>), &'static str> {
    let error = "expected a format such as pro=analytics or pro=api-calls:1000";
    let (plan, feature) = text.split_once('=').ok_or(error)?;
    let (feature, limit) = match feature.split_once(':') {
        None => (feature, None),
        Some((feature, limit)) => (feature, Some(limit.parse().map_err(|_| error)?)),
    };
    Ok((plan.into(), feature.into(), limit))
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // It prints errors to stderr, which panics if stderr is closed.
        .log_internal_errors(false)
        .init();
    let (listen, port) = (options.listen, options.port);
    let error = match start(options).await {
        Ok(kelviq) => {
            let url = kelviq.base_url();
            // Unlike println!, this does not panic if stdout is closed.
            let _ = writeln!(
                io::stdout(),
                "fake Kelviq on {url} - set KELVIQ_BASE_URL={url} in your app"
            );
            if !listen.is_loopback() {
                let _ = writeln!(
                    io::stdout(),
                    "it also listens on {listen}: apps on other machines replace the host in that URL with this one's name"
                );
            }
            match tokio::signal::ctrl_c().await {
                Ok(()) => return ExitCode::SUCCESS,
                Err(error) => format!("cannot listen for Ctrl-C: {error}"),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            format!("port {port} is in use; choose another one with --port, or 0 for a free one")
        }
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
            format!("{listen} is not an address of this machine; choose another one with --listen")
        }
        Err(error) => error.to_string(),
    };
    eprintln!("fake-kelviq: {error}");
    ExitCode::FAILURE
}

async fn start(options: Options) -> io::Result<FakeKelviq> {
    // Replaces the error of `WebhookSecret::new`, which names an environment variable instead of this option.
    let secret = WebhookSecret::new(options.webhook_secret).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "--webhook-secret must be printable ASCII without spaces and quotes, such as kq_whsec_test",
        )
    })?;
    let mut builder = FakeKelviq::builder()
        .listen(options.listen)
        .port(options.port)
        .api_key(options.api_key)
        .webhook_secret(secret);
    if let Some(url) = options.public_url {
        builder = builder.public_url(url);
    }
    if let Some(url) = options.webhook_url {
        builder = builder.webhook_url(url);
    }
    if let Some(seconds) = options.delivery_delay {
        builder = builder.delivery_delay(Duration::from_secs(seconds));
    }
    for (plan, amount, currency) in options.price {
        builder = builder.price(plan, amount, currency);
    }
    for (plan, feature, limit) in options.feature {
        builder = match limit {
            None => builder.feature(plan, feature),
            Some(limit) => builder.meter(plan, feature, limit),
        };
    }
    builder.start().await
}
