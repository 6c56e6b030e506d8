//! Running a scenario.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use exactly_once::{BoxError, Cluster};
use kelviq_axum::{PostgresStore, SqliteStore, Store};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    database::Database,
    disruption,
    effect::Handler,
    events,
    figures::{Figures, HandlerFigures},
    replica::Replica,
    scenario::Scenario,
    sender::{Progress, Sender},
};

/// The size of a scenario.
pub(crate) struct Size {
    pub(crate) deliveries: usize,
    pub(crate) events: usize,
    pub(crate) kills: u32,
    pub(crate) outages: u32,
    pub(crate) failures: u32,
}

/// Runs a scenario.
pub(crate) async fn run(scenario: Scenario, size: &Size) -> Result<Figures, BoxError> {
    match scenario {
        Scenario::PostgresWithKills | Scenario::PostgresOutage => {
            let cluster = tokio::task::block_in_place(Cluster::start_new)?;
            run_with::<PostgresStore>(scenario, size, &cluster.url(), Some(&cluster)).await
        }
        Scenario::SqliteWithKills => {
            let folder = TempDir::new()?;
            let path = folder.path().join("shop.db");
            let path = path
                .to_str()
                .ok_or("the temporary folder's path is not UTF-8")?;
            run_with::<SqliteStore>(scenario, size, path, None).await
        }
    }
}

async fn run_with<D: Database>(
    scenario: Scenario,
    size: &Size,
    database_url: &str,
    cluster: Option<&Cluster>,
) -> Result<Figures, BoxError> {
    let started = Instant::now();
    let stores = [
        D::open(database_url, Handler::InTransaction).await?,
        D::open(database_url, Handler::Plain).await?,
    ];
    let mut replicas = Vec::new();
    for _ in 0..scenario.processes() {
        replicas.push(Replica::start(database_url, size.failures).await?);
    }
    let addresses = replicas.iter().map(Replica::address).collect();
    let disruptions = match scenario {
        Scenario::PostgresWithKills | Scenario::SqliteWithKills => size.kills,
        Scenario::PostgresOutage => size.outages,
    };
    let progress = Arc::new(Progress::new(size.deliveries, disruptions));
    let events = events::events(size.events);
    let sender = Arc::new(Sender::new(events, addresses, Arc::clone(&progress))?);
    let deliveries = events::deliveries(size.deliveries, size.events)?;

    eprintln!(
        "{scenario}: {} deliveries to each handler …",
        size.deliveries
    );
    let disrupt = async {
        match (scenario, cluster) {
            (Scenario::PostgresOutage, Some(cluster)) => {
                disruption::stop_database(cluster, &progress).await
            }
            _ => disruption::kill(&mut replicas, &progress).await,
        }
    };
    tokio::try_join!(sender.send(&deliveries), disrupt)?;
    let delivered = started.elapsed();
    until_nothing_waits(&stores).await?;
    let mut handlers = Vec::new();
    for (handler, store) in Handler::ALL.into_iter().zip(&stores) {
        handlers.push(count(handler, store, &sender).await?);
    }
    Ok(Figures {
        scenario,
        size: (size.deliveries, size.events),
        disruptions: (disruptions, progress.ended()),
        delivered,
        handled: started.elapsed(),
        handlers,
    })
}

/// Interval of the progress lines.
const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// Waits until each event is handled or dead. The time limit is that of the scenario.
async fn until_nothing_waits<D: Store<Error = sqlx::Error>>(stores: &[D]) -> Result<(), BoxError> {
    let mut reported = Instant::now();
    loop {
        let mut waiting = 0;
        for store in stores {
            waiting += store.status().await?.waiting;
        }
        if waiting == 0 {
            return Ok(());
        }
        if reported.elapsed() >= REPORT_INTERVAL {
            eprintln!("  {waiting} events wait for a retry or for the end of a claim …");
            reported = Instant::now();
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Maximum number of events whose failure is reported.
const MAX_REPORTED: u32 = 20;

async fn count<D: Database>(
    handler: Handler,
    store: &D,
    sender: &Sender,
) -> Result<HandlerFigures, BoxError> {
    let stored = store.stored_events(handler).await?;
    let failed = store.failed(MAX_REPORTED).await?;
    let dead = failed.iter().filter(|event| event.due_at.is_none());
    let dead = dead.map(|event| {
        format!(
            "{} after {} attempts: {}",
            event.id, event.attempts, event.reason
        )
    });
    let responses = sender.take_responses(handler);
    let mut figures = HandlerFigures {
        handler: Some(handler),
        dead: dead.collect(),
        ..HandlerFigures::default()
    };
    // The expected effects, with their order, and whether one of their events reached a store or was accepted.
    let mut expected: HashMap<&str, (&str, bool)> = HashMap::new();
    for (index, event) in sender.events().iter().enumerate() {
        let effect = expected
            .entry(&event.effect.key)
            .or_insert((&event.effect.order_ref, false));
        effect.1 |= stored.contains(&event.id) || responses.accepted.contains(&index);
    }
    let mut times: HashMap<String, u64> = HashMap::new();
    for effect in store.effects(handler).await? {
        figures.effects += 1;
        match expected.get(&*effect.key) {
            Some((order_ref, _)) if *order_ref == effect.order_ref => {}
            _ => figures.wrong += 1,
        }
        *times.entry(effect.key).or_default() += 1;
    }
    figures.expected = expected.len();
    figures.repeated = times.values().filter(|times| **times > 1).count();
    for (key, (_, was_received)) in &expected {
        match (times.contains_key(*key), was_received) {
            (true, _) => {}
            (false, true) => figures.lost += 1,
            (false, false) => figures.never_received += 1,
        }
    }
    figures.responses = responses;
    Ok(figures)
}
