//! What happens to the application while webhooks are delivered.

use std::time::Duration;

use exactly_once::{BoxError, Cluster};
use tokio::time::sleep;

use crate::{replica::Replica, sender::Progress};

/// Duration of an outage of the database.
const OUTAGE: Duration = Duration::from_secs(5);

/// Kills a process and restarts it, each time another one, spread over all deliveries.
pub(crate) async fn kill(replicas: &mut [Replica], progress: &Progress) -> Result<(), BoxError> {
    for (kill, replica) in (0..progress.disruptions()).zip(cycle(replicas.len())) {
        progress.until(kill).await;
        replicas[replica].kill_and_restart().await?;
        progress.end(kill);
    }
    Ok(())
}

fn cycle(number: usize) -> impl Iterator<Item = usize> {
    (0..number).cycle()
}

/// Stops the database and starts it again, spread over all deliveries.
pub(crate) async fn stop_database(cluster: &Cluster, progress: &Progress) -> Result<(), BoxError> {
    for outage in 0..progress.disruptions() {
        progress.until(outage).await;
        tokio::task::block_in_place(|| cluster.crash())?;
        progress.set_database_away(true);
        sleep(OUTAGE).await;
        progress.set_database_away(false);
        tokio::task::block_in_place(|| cluster.start())?;
        progress.end(outage);
    }
    Ok(())
}
