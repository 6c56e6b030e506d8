//! A soak test: buyers, duplicates, outages, restarts and slow clients at once, against the storefront on PostgreSQL.
//!
//! Prints a section of docs/measurements.md to stdout, and its progress to stderr. `.ci/soak` runs it.

mod buyer;
mod check;
mod delivery;
mod disruption;
mod log;
mod page;
mod random;
mod report;
mod samples;
mod shop;
mod slow;
mod tally;
mod world;

use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use exactly_once::{BoxError, Cluster};
use kelviq_axum::{PostgresStore, fake::FakeKelviq};
use kelviq_core::WebhookSecret;
use sqlx::postgres::PgPoolOptions;
use tokio::task::block_in_place;

use self::{
    check::Comparison,
    log::Log,
    random::Random,
    report::{mebibytes, minutes},
    samples::Samples,
    shop::{End, Program, Shop},
    world::World,
};

/// Sells through the storefront while Kelviq, the database and the storefront itself fail, and compares orders and
/// payments at the end.
///
/// PostgreSQL is started in a temporary folder, on a free port of 127.0.0.1. Kelviq is replaced by its fake. Exits with 1
/// if orders and payments differ, if the storefront panicked or ended by itself, or if its memory or its number of file
/// descriptors grows.
#[derive(Parser)]
struct Options {
    /// The duration of the load in minutes
    #[arg(default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=24 * 60))]
    minutes: u64,

    /// The number of buyers who come in a second
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1000))]
    buyers: u64,

    /// The number of slow clients at the same time
    #[arg(long, default_value_t = 200)]
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
    let options = Options::parse();
    let result = tokio::select! {
        result = run(&options) => result,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
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
        Log::create(&log, Instant::now() + duration)?,
    )?);
    let shop = Shop::start(Arc::clone(&world), program);
    shop.ready().await?;

    let samples = Samples::default();
    let comparison = tokio::select! {
        comparison = load(options, &world, &shop, &cluster, &samples) => comparison?,
        () = samples.take(Arc::clone(&world), shop.process()) => return Ok(false),
    };
    shop.end(End::Stop).await?;
    Ok(report::print(&world, &samples, &comparison))
}

/// Lets everything happen at once until the end, then waits until it has settled.
async fn load(
    options: &Options,
    world: &Arc<World>,
    shop: &Shop,
    cluster: &Cluster,
    samples: &Samples,
) -> Result<Comparison, BoxError> {
    let mut random = Random::new(options.seed);
    let other = WebhookSecret::new("kq_whsec_of_another_endpoint")?;
    let ((), (), (), (), (), database, restarts) = tokio::join!(
        buyer::send(Arc::clone(world), options.buyers, random.fork()),
        delivery::forge(Arc::clone(world), other, random.fork()),
        slow::connect(Arc::clone(world), options.slow_clients, random.fork()),
        disruption::break_kelviq(Arc::clone(world), random.fork()),
        report_progress(world, samples),
        disruption::break_database(Arc::clone(world), cluster, random.fork()),
        disruption::restart(Arc::clone(world), shop, random.fork()),
    );
    database?;
    restarts?;
    eprintln!("soak: the load has ended");
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(&cluster.url())
        .await?;
    let comparison = Comparison::settle(world, &PostgresStore::new(pool)).await?;
    Ok(comparison)
}

/// Prints a line each minute until the end.
async fn report_progress(world: &World, samples: &Samples) {
    while world.sleep(Duration::from_mins(1)).await {
        let latest = samples.latest();
        eprintln!(
            "soak: {} of {}: {} buyers, {} paid, {} deliveries, {} errors seen by buyers, {} disruptions, {}, {} descriptors",
            minutes(world.started.elapsed()),
            minutes(world.duration()),
            world.buyers.get("came"),
            world.paid(),
            world.deliveries.sum(),
            world.errors.sum(),
            world.disruptions.sum(),
            mebibytes(latest.map_or(0, |sample| sample.memory)),
            latest.map_or(0, |sample| sample.descriptors),
        );
    }
}
