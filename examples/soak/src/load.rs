//! The load: everything happens at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use exactly_once::{BoxError, Cluster};
use kelviq_axum::PostgresStore;
use kelviq_core::WebhookSecret;
use sqlx::postgres::PgPoolOptions;
use tokio::time::sleep;

use crate::{
    buyer,
    check::Comparison,
    delivery, disruption,
    random::Random,
    samples::{Sample, Samples},
    shop::Shop,
    slow,
    units::{mebibytes, minutes},
    verdict::MAX_LEFT_DESCRIPTORS,
    world::World,
};

/// Maximum time until the connections that are not used any more are closed. Clients keep them for 90 s.
const CLOSE_TIMEOUT: Duration = Duration::from_mins(4);

/// The number of participants, and the seed of what is random.
pub(crate) struct Size {
    /// Buyers who come in a second.
    pub(crate) buyers: u64,
    pub(crate) slow_clients: usize,
    pub(crate) seed: u64,
}

/// What was planned, and what was measured before and after the load.
pub(crate) struct Load {
    /// The number of buyers who should have come.
    pub(crate) planned: u64,
    pub(crate) comparison: Comparison,
    pub(crate) before: Sample,
    pub(crate) after: Sample,
}

impl Load {
    /// Lets everything happen at once until the end, then waits until it has settled.
    pub(crate) async fn run(
        size: &Size,
        world: &Arc<World>,
        shop: &Shop,
        cluster: &Cluster,
        samples: &Samples,
    ) -> Result<Self, BoxError> {
        let mut random = Random::new(size.seed);
        let other = WebhookSecret::new("kq_whsec_of_another_endpoint")?;
        let before = samples.next().await;
        let ((), (), (), (), (), database, restarts) = tokio::join!(
            buyer::send(Arc::clone(world), size.buyers, random.fork()),
            delivery::forge(Arc::clone(world), other, random.fork()),
            slow::connect(Arc::clone(world), size.slow_clients, random.fork()),
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
        let limit = before.descriptors + MAX_LEFT_DESCRIPTORS;
        let began = Instant::now();
        let after = loop {
            let sample = samples.next().await;
            if sample.descriptors <= limit || began.elapsed() > CLOSE_TIMEOUT {
                break sample;
            }
            eprintln!("soak: waiting: {} descriptors", sample.descriptors);
            sleep(Duration::from_secs(5)).await;
        };
        Ok(Self {
            planned: size.buyers * world.duration().as_secs(),
            comparison,
            before,
            after,
        })
    }
}

/// Prints a line each minute until the end.
async fn report_progress(world: &World, samples: &Samples) {
    let counts = &world.counts;
    while world.sleep(Duration::from_mins(1)).await {
        let latest = samples.latest();
        eprintln!(
            "soak: {} of {}: {} buyers, {} paid, {} deliveries, {} errors seen by buyers, {} disruptions, {}, {} descriptors",
            minutes(world.started.elapsed()),
            minutes(world.duration()),
            counts.buyers.get("came"),
            world.paid(),
            counts.deliveries.sum(),
            counts.errors.sum(),
            counts.disruptions.sum(),
            mebibytes(latest.map_or(0, |sample| sample.memory)),
            latest.map_or(0, |sample| sample.descriptors),
        );
    }
}
