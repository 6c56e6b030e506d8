//! Buyers who came back from paying, while their order is not here yet.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kelviq_axum::Reference;
use tokio::time::Instant;

/// After this time a buyer who comes back is a new one.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// Anybody can make references up: they must not fill the memory.
const MOST: usize = 10_000;

/// When buyers came back. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Returns(Arc<Mutex<HashMap<Reference, Instant>>>);

impl Returns {
    /// How long ago the buyer first came back with this reference: zero for the first visit. `None` when there are too
    /// many to remember one more.
    pub(crate) fn since_first(&self, reference: &Reference) -> Option<Duration> {
        // A panic elsewhere leaves the map whole, since every change to it is a single step.
        let mut first_visits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        first_visits.retain(|_, visit| now - *visit < KEPT);
        if first_visits.len() >= MOST && !first_visits.contains_key(reference) {
            return None;
        }
        let visit = first_visits.entry(reference.clone()).or_insert(now);
        Some(now - *visit)
    }
}
