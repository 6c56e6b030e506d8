//! The section about the stores.

use std::env;

use crate::{
    Result,
    load::{self, Load},
    report::{Band, print_table},
    round_trips::RoundTrips,
    rounds,
    server::Server,
    webhook_delivery::{Deliveries, Kind},
};

const ROUNDS: usize = 5;

const EVENTS: usize = 2_000;

const CONNECTIONS: usize = 16;

/// Size of a typical body.
const SIZE: usize = 1500;

/// Prints the section.
pub(crate) async fn print() -> Result<()> {
    println!(
        "`Webhooks` with a store and a handler that answers at once, beside a hand-written handler that verifies a delivery \
         and runs one `INSERT … ON CONFLICT DO NOTHING` with the same kind of pool. {CONNECTIONS} connections, a \
         `checkout.completed` in each delivery. Before and after a statement outside of a transaction, sqlx tests the \
         connection, which is a round trip each.\n"
    );
    let postgres = env::var("KELVIQ_TEST_DATABASE_URL")
        .map_err(|_| "KELVIQ_TEST_DATABASE_URL is not set; run this with .ci/postgres")?;
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let servers = [
        ("store-sqlite", "`SqliteStore`", path("store.db")),
        (
            "store-sqlite-by-hand",
            "SQLite, one `INSERT`",
            path("by-hand.db"),
        ),
        ("store-postgres", "`PostgresStore`", postgres.clone()),
        (
            "store-postgres-by-hand",
            "PostgreSQL, one `INSERT`",
            postgres,
        ),
    ];
    let mut measured = [const { (Vec::new(), Vec::new(), Vec::new()) }; 4];
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for ((name, _, database), (rates, latencies, micros)) in servers.iter().zip(&mut measured) {
            let server = Server::start(name, &[database]).await?;
            send(&server, EVENTS / 4).await?;
            let before = server.cpu()?;
            let load = send(&server, EVENTS).await?;
            let cpu = server.cpu()?.saturating_sub(before);
            server.stop().await?;
            rates.push(load.per_second());
            latencies.push(load.p99().as_secs_f64() * 1e3);
            micros.push(cpu.as_secs_f64() * 1e6 / EVENTS as f64);
        }
    }
    let mut rows = Vec::new();
    for ((name, title, database), (rates, latencies, micros)) in servers.iter().zip(measured) {
        let (statements, round_trips) = count(name, database).await?;
        rows.push([
            (*title).to_owned(),
            Band::new(rates).text(0),
            Band::new(latencies).text(1),
            Band::new(micros).text(0),
            statements,
            round_trips,
        ]);
    }
    print_table(
        [
            "store",
            "events per second",
            "p99, ms",
            "CPU of the server, µs per event",
            "statements per event",
            "round trips per event",
        ],
        rows,
    );
    Ok(())
}

async fn send(server: &Server, events: usize) -> Result<Load> {
    let deliveries = Deliveries::new(SIZE, Kind::Accepted)?;
    rounds::load(server, &deliveries, CONNECTIONS, events).await
}

/// Returns the statements and, if the database is PostgreSQL, the round trips per event.
async fn count(name: &str, database: &str) -> Result<(String, String)> {
    let proxy = if name.starts_with("store-postgres") {
        Some(RoundTrips::start(database).await?)
    } else {
        None
    };
    let database = proxy.as_ref().map_or(database, |(_, url)| url);
    let server = Server::start(name, &[database, "counted"]).await?;
    let client = load::client()?;
    let counts = async || -> Result<(f64, u64)> {
        let response = client.get(server.url("/statements")).send().await?;
        let round_trips = proxy.as_ref().map(|(proxy, _)| proxy.count());
        Ok((
            response.text().await?.parse()?,
            round_trips.unwrap_or_default(),
        ))
    };
    send(&server, EVENTS / 4).await?;
    let before = counts().await?;
    send(&server, EVENTS).await?;
    let after = counts().await?;
    server.stop().await?;
    let per_event = |count: f64| format!("{:.2}", count / EVENTS as f64);
    let round_trips = match &proxy {
        Some(_) => per_event((after.1 - before.1) as f64),
        None => "-".to_owned(),
    };
    Ok((per_event(after.0 - before.0), round_trips))
}
