//! A soak test: buyers, duplicates, outages, restarts and slow clients at once, against the storefront on PostgreSQL.
//!
//! Prints a section of docs/measurements.md to stdout, and its progress to stderr. `.ci/soak` runs it.

mod buyer;
mod check;
mod counts;
mod delivery;
mod disruption;
mod expected;
mod growth;
mod load;
mod log;
mod outages;
mod page;
mod random;
mod report;
mod samples;
mod shop;
mod slow;
mod tally;
mod units;
mod verdict;
mod world;

use std::{env, net::TcpListener, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, builder::RangedU64ValueParser};
use exactly_once::{BoxError, Cluster};
use kelviq_axum::fake::FakeKelviq;
use kelviq_core::WebhookSecret;
use tokio::{
    signal::unix::{SignalKind, signal},
    task::block_in_place,
    time::sleep,
};

use self::{
    load::{Load, Size},
    samples::Samples,
    shop::{End, Program, Shop},
    world::World,
};

/// Sells through the storefront while Kelviq, the database and the storefront itself fail, and compares orders and
/// payments at the end.
///
/// PostgreSQL is started in a temporary folder, on a free port of 127.0.0.1. Kelviq is replaced by its fake. Exits with 1
/// if orders and payments differ, if too few buyers come or pay, if a part of the load is missing, if buyers see their orders
/// too late, if there is a response, an error or a line in the storefront's log that no outage explains, or if the storefront's
/// memory or its number of file descriptors grows.
#[derive(Parser)]
struct Options {
    /// The duration of the load in minutes
    #[arg(default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=24 * 60))]
    minutes: u64,

    /// The number of buyers who come in a second
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1000))]
    buyers: u64,

    /// The number of slow clients at the same time
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    slow_clients: usize,

    /// The seed of what is random
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The storefront's program. By default, it is beside this one
    #[arg(long)]
    storefront: Option<PathBuf>,

    /// The file for the storefront's log. By default, it is beside this program
    #[arg(long)]
    log: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run_until_signal(&Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the end, Ctrl-C or SIGTERM. All programs that were started are ended then.
async fn run_until_signal(options: &Options) -> Result<bool, BoxError> {
    // Received from here on, also while the cluster is started.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let interrupted = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        // A shell or `timeout` can send the signal to the whole process group. It must not reach the program that stops
        // PostgreSQL.
        sleep(Duration::from_millis(500)).await;
    };
    tokio::select! {
        result = run(options) => result,
        () = interrupted => Err("interrupted".into()),
    }
}

async fn run(options: &Options) -> Result<bool, BoxError> {
    let beside =
        |name| -> Result<PathBuf, BoxError> { Ok(env::current_exe()?.with_file_name(name)) };
    let storefront = options
        .storefront
        .clone()
        .map_or_else(|| beside("storefront"), Ok)?;
    let log = options
        .log
        .clone()
        .map_or_else(|| beside("soak-storefront.log"), Ok)?;
    eprintln!("soak: the log of the storefront is in {}", log.display());

    let cluster = block_in_place(Cluster::start_new)?;
    // Known before the start, because the storefront is restarted on the same port.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let secret = "kq_whsec_soak";
    // Without a webhook URL: the deliveries are made here, so that each response is counted.
    let kelviq = FakeKelviq::builder()
        .webhook_secret(WebhookSecret::new(secret)?)
        .start()
        .await?;
    let program = Program {
        path: storefront,
        vars: vec![
            ("PORT", port.to_string()),
            ("DATABASE_URL", cluster.url()),
            ("KELVIQ_BASE_URL", kelviq.base_url().to_owned()),
            ("KELVIQ_API_KEY", kelviq.api_key().to_owned()),
            ("KELVIQ_WEBHOOK_SECRET", secret.to_owned()),
        ],
    };
    let duration = Duration::from_mins(options.minutes);
    let world = Arc::new(World::new(
        kelviq,
        format!("http://127.0.0.1:{port}"),
        duration,
        &log,
    )?);
    let (shop, mut supervisor) = Shop::start(Arc::clone(&world), program).await?;

    let samples = Samples::default();
    let size = Size {
        buyers: options.buyers,
        slow_clients: options.slow_clients,
        seed: options.seed,
    };
    let load = tokio::select! {
        load = Load::run(&size, &world, &shop, &cluster, &samples) => load?,
        () = samples.take(Arc::clone(&world), shop.process()) => return Ok(false),
        result = &mut supervisor => {
            result??;
            return Err("the storefront is not supervised any more".into());
        }
    };
    shop.end(End::Stop).await?;
    Ok(report::print(&world, &samples, &load))
}
