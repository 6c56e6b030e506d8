//! Shows that no webhook is lost, and that none takes effect twice if it is recorded in the application's transaction:
//! application processes are killed, and their database is stopped, while signed deliveries arrive.

mod application;
mod database;
mod disruption;
mod effect;
mod events;
mod figures;
mod replica;
mod run;
mod scenario;
mod sender;

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};
use exactly_once::BoxError;

use self::{run::Size, scenario::Scenario};

/// Delivers webhooks to applications while they are killed or their database is stopped, and counts what took effect.
///
/// Each scenario delivers the same events to two handlers. One records the event in its own transaction: each event must
/// take effect exactly once. The other one does not: each event must take effect at least once. Exits with 1 if that is
/// not so. Each scenario takes about two minutes, because the claims of a process that was killed expire after 45 s.
///
/// PostgreSQL is started in a temporary folder, on a free port of 127.0.0.1. Its programs are found through PATH or in
/// /usr/lib/postgresql. As root, they are run as the user `postgres`. To see the logs of the applications, set RUST_LOG.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "these comments are the text of --help")]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,

    /// The number of deliveries to each handler
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    deliveries: u32,

    /// The number of different events
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    events: u32,

    /// How many times a process is killed and restarted
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    kills: u32,

    /// How many times the database is stopped and started
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=100))]
    outages: u32,

    /// The percentage of attempts in which the handler fails: before, during and after its transaction
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(0..=50))]
    failures: u32,

    /// The scenario to run; may be repeated. By default, all of them
    #[arg(long, value_enum)]
    only: Vec<Name>,

    /// The maximum duration of a scenario in seconds
    #[arg(long, default_value_t = 900)]
    time_limit: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Runs an application process with the database in `DATABASE_URL`, until its standard input ends.
    #[command(hide = true)]
    Serve,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Two processes on one PostgreSQL, which are killed
    Postgres,
    /// One process with SQLite, which is killed
    Sqlite,
    /// Two processes on one PostgreSQL, which is stopped
    Outage,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let result = match options.command {
        Some(Command::Serve) => application::serve(options.failures).await.map(|()| true),
        None => tokio::select! {
            result = run_scenarios(&options) => result,
            _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        },
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the scenarios. Returns `true` if all promises were kept.
async fn run_scenarios(options: &Options) -> Result<bool, BoxError> {
    let size = Size {
        deliveries: options.deliveries as usize,
        events: options.events.min(options.deliveries) as usize,
        kills: options.kills,
        outages: options.outages,
        failures: options.failures,
    };
    let mut is_kept = true;
    for (name, scenario) in [
        (Name::Postgres, Scenario::PostgresWithKills),
        (Name::Sqlite, Scenario::SqliteWithKills),
        (Name::Outage, Scenario::PostgresOutage),
    ] {
        if !options.only.is_empty() && !options.only.contains(&name) {
            continue;
        }
        let time_limit = Duration::from_secs(options.time_limit);
        let figures = tokio::time::timeout(time_limit, run::run(scenario, &size)).await;
        let figures =
            figures.map_err(|_| format!("{scenario}: not done after {time_limit:?}"))??;
        println!("{figures}");
        is_kept &= figures.is_kept();
    }
    Ok(is_kept)
}
