//! What fails while buyers buy.

use std::{sync::Arc, time::Duration};

use exactly_once::{BoxError, Cluster};
use kelviq_axum::fake::Fault;
use sqlx::{Connection, PgConnection};
use tokio::{task::block_in_place, time::sleep};

use crate::{
    outages::Part,
    random::Random,
    shop::{End, Shop},
    world::World,
};

/// Duration of an outage of Kelviq's API.
const KELVIQ_OUTAGE: Duration = Duration::from_secs(8);

/// Duration of an outage of the database.
const DATABASE_OUTAGE: Duration = Duration::from_secs(6);

/// Makes Kelviq's API fail for some seconds, each time in another way.
pub(crate) async fn break_kelviq(world: Arc<World>, mut random: Random) {
    let faults = [
        ("500", Fault::Error(500)),
        ("503", Fault::Error(503)),
        ("no response", Fault::Nothing),
        ("half a response", Fault::HalfBody),
        (
            "429",
            Fault::TooManyRequests {
                retry_after: Duration::from_secs(5),
            },
        ),
        ("a proxy's page", Fault::Html),
    ];
    for (name, fault) in faults.iter().cycle() {
        if !wait(&world, 6, 20, 60, &mut random).await {
            return;
        }
        world.log.note(&format!("Kelviq fails: {name}"));
        let disruptions = &world.counts.disruptions;
        disruptions.add(format!("outages of Kelviq: {name}"));
        world.outages.begin(Part::Kelviq);
        world.kelviq.inject_always(fault.clone());
        world.sleep(KELVIQ_OUTAGE).await;
        world.kelviq.inject_always(Fault::Normal);
        world.outages.end(Part::Kelviq);
        world.log.note("Kelviq works again");
    }
}

/// Terminates the connections of the database and stops it, in turn.
pub(crate) async fn break_database(
    world: Arc<World>,
    cluster: &Cluster,
    mut random: Random,
) -> Result<(), BoxError> {
    for stop in [false, true].into_iter().cycle() {
        if !wait(&world, 8, 20, 240, &mut random).await {
            return Ok(());
        }
        let disruptions = &world.counts.disruptions;
        world.outages.begin(Part::Database);
        if stop {
            world.log.note("PostgreSQL is stopped");
            disruptions.add("stops of PostgreSQL");
            block_in_place(|| cluster.crash())?;
            sleep(DATABASE_OUTAGE).await;
            block_in_place(|| cluster.start())?;
            world.log.note("PostgreSQL is started");
        } else {
            world
                .log
                .note("the connections to PostgreSQL are terminated");
            disruptions.add("terminations of all connections to PostgreSQL");
            let mut connection = PgConnection::connect(&cluster.url()).await?;
            let terminate = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            sqlx::query(terminate).execute(&mut connection).await?;
            connection.close().await?;
        }
        world.outages.end(Part::Database);
    }
    Ok(())
}

/// Kills the storefront and shuts it down, in turn, in the first third of the time. The last process is left alone, so that
/// growth becomes visible.
pub(crate) async fn restart(
    world: Arc<World>,
    shop: &Shop,
    mut random: Random,
) -> Result<(), BoxError> {
    for (end, name) in [
        (End::Kill, "kills of the storefront (SIGKILL)"),
        (
            End::Terminate,
            "graceful restarts of the storefront (SIGTERM)",
        ),
    ]
    .into_iter()
    .cycle()
    {
        let goes_on = wait(&world, 20, 15, 90, &mut random).await;
        if !goes_on || world.started.elapsed() > world.duration() / 3 {
            return Ok(());
        }
        world.counts.disruptions.add(name);
        shop.end(end).await?;
    }
    Ok(())
}

/// Waits for a part of the duration between two limits in seconds, give or take a quarter. Returns `false` at the end.
async fn wait(world: &World, part: u32, min: u64, max: u64, random: &mut Random) -> bool {
    let interval = world.duration() / part;
    let interval = interval.clamp(Duration::from_secs(min), Duration::from_secs(max));
    world
        .sleep(interval * 3 / 4 + random.millis(0, 1000).mul_f64(interval.as_secs_f64() / 2.0))
        .await
}
