//! The background task of the webhooks.

use std::{error::Error, time::Duration};

use tokio::{sync::watch, task::JoinSet, time::sleep};

use super::{
    inbox_call::{call_inbox, call_inbox_within},
    webhooks::Webhooks,
};
use crate::{metrics, store::store_trait::Store};

/// Number of events that one replica handles at the same time.
const WORKERS: usize = 4;

/// Pause between two queries for due events.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Pause between two counts of the events that wait.
const REPORT_INTERVAL: Duration = Duration::from_secs(15);

/// Pause between two reconciliations.
const RECONCILE_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Pause after the notifications of the store have failed.
const LISTEN_PAUSE: Duration = Duration::from_secs(5);

/// Maximum time of a purge.
const PURGE_TIMEOUT: Duration = RECONCILE_INTERVAL;

/// Time for which ids, keys and references are kept. Kelviq's webhook log reaches back 30 days.
const KEEP_ROWS_FOR: Duration = Duration::from_secs(35 * 24 * 60 * 60);

impl<S: Store> Webhooks<S> {
    /// Handles the events that are due again, fetches those that were not delivered, and purges old ones, until `shutdown`
    /// completes. Then it waits for the handlers that are running.
    ///
    /// If this future is dropped, no further event is handled. Handlers that are running continue.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tracing::info!(
            reconciles = self.kelviq.is_some(),
            "webhooks that fail are handled again by this process"
        );
        let (stop, stopped) = watch::channel(());
        let mut tasks = JoinSet::new();
        for _ in 0..WORKERS {
            tasks.spawn(self.clone().work(stopped.clone()));
        }
        if cfg!(feature = "metrics") {
            tasks.spawn(self.clone().report(stopped.clone()));
        }
        tasks.spawn(self.clone().listen(stopped.clone()));
        tasks.spawn(self.maintain(stopped));
        shutdown.await;
        drop(stop);
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a task for webhooks ended early");
            }
        }
        tracing::info!("webhooks are no longer handled again by this process");
    }

    /// Handles the events that are due, one after the other, until none is due. Returns their number.
    ///
    /// [`run`](Self::run) looks for due events every 2 s.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be reached.
    pub async fn handle_due(&self) -> Result<usize, Box<dyn Error + Send + Sync>> {
        let mut handled = 0;
        while self.handle_next().await? {
            handled += 1;
        }
        Ok(handled)
    }

    /// Handles one event that is due. Returns `false` if none is due.
    async fn handle_next(&self) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let due = call_inbox::<S, _>(async { self.store.due().await });
        let Some(due) = due.await.map_err(|error| error.to_string())? else {
            return Ok(false);
        };
        self.handle_stored(due).await;
        Ok(true)
    }

    async fn work(self, stopped: watch::Receiver<()>) {
        while !is_stopped(&stopped) {
            let pause = match self.handle_next().await {
                Ok(true) => continue,
                Ok(false) => POLL_INTERVAL,
                Err(error) => {
                    tracing::error!(
                        error = &*error as &dyn Error,
                        "due webhooks could not be read"
                    );
                    POLL_INTERVAL * 5
                }
            };
            pause_unless_stopped(pause, &stopped).await;
        }
    }

    /// Fetches missed events and purges old ones. The events that it finds are handled by [`work`](Self::work).
    async fn maintain(self, stopped: watch::Receiver<()>) {
        let mut is_start = true;
        while !is_stopped(&stopped) {
            if self.kelviq.is_some() && (is_start || !self.was_reconciled().await) {
                is_start = false;
                let fetch = self.fetch_missed();
                if let Err(error) = fetch.await {
                    let error = &error as &dyn Error;
                    tracing::error!(error, "webhooks could not be reconciled");
                }
            }
            let bodies_after = self.keep_bodies_for;
            let rows_after = KEEP_ROWS_FOR.max(bodies_after);
            let purge = async { self.store.purge(bodies_after, rows_after).await };
            match call_inbox_within::<S, _>(PURGE_TIMEOUT, purge).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "old webhooks purged"),
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn Error,
                        "old webhooks could not be purged"
                    );
                }
            }
            pause_unless_stopped(RECONCILE_INTERVAL, &stopped).await;
        }
    }

    /// Passes the notifications of the store to the success pages.
    async fn listen(self, mut stopped: watch::Receiver<()>) {
        let Some(shop) = &self.shop else { return };
        let mut is_logged = false;
        while !is_stopped(&stopped) {
            let notifications = shop.handled_sessions().notifications();
            let listen = self
                .store
                .listen(|session_id| notifications.receive(session_id));
            let ended = tokio::select! {
                ended = listen => ended,
                _ = stopped.changed() => return,
            };
            // Once for each interruption, however many attempts it takes to end it.
            if !is_logged || notifications.have_begun() {
                is_logged = true;
                let error = ended.err();
                let error = error.as_ref().map(|error| error as &dyn Error);
                tracing::warn!(
                    error,
                    "the store does not notify success pages; they look up their orders periodically"
                );
            }
            drop(notifications);
            pause_unless_stopped(LISTEN_PAUSE, &stopped).await;
        }
    }

    /// Returns `true` if another replica has fetched missed events recently.
    async fn was_reconciled(&self) -> bool {
        let last = call_inbox::<S, _>(async { self.store.reconciled_at().await }).await;
        let age = last.map(|last| last.elapsed());
        matches!(age, Ok(Ok(age)) if age < RECONCILE_INTERVAL / 2)
    }

    /// Sets the gauges of what waits.
    async fn report(self, stopped: watch::Receiver<()>) {
        while !is_stopped(&stopped) {
            match call_inbox::<S, _>(async { self.store.status().await }).await {
                Ok(status) => metrics::store_status(status),
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn Error,
                        "the store could not be counted"
                    );
                }
            }
            pause_unless_stopped(REPORT_INTERVAL, &stopped).await;
        }
    }
}

/// Returns `true` when the sender is dropped.
fn is_stopped(stopped: &watch::Receiver<()>) -> bool {
    stopped.has_changed().is_err()
}

async fn pause_unless_stopped(pause: Duration, stopped: &watch::Receiver<()>) {
    let mut stopped = stopped.clone();
    tokio::select! {
        () = sleep(pause) => {}
        _ = stopped.changed() => {}
    }
}
