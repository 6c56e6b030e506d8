//! Buyers on the success page who wait for their order.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kelviq_axum::Reference;
use lru::LruCache;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// Time after which another visit counts as a first visit.
pub(super) const VISIT_TTL: Duration = Duration::from_secs(60 * 60);

/// Maximum number of references to remember. Anyone can invent references, so memory is limited.
const MAX_VISITS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Maximum number of delayed responses at a time. Each looks up its order twice a second.
const MAX_DELAYED: usize = 500;

/// The first visit to the success page for each reference, and the number of delayed responses. Clones share both.
#[derive(Clone)]
pub(crate) struct WaitingBuyers {
    first_visits: Arc<Mutex<LruCache<Reference, Instant>>>,
    delayed: Arc<Semaphore>,
}

impl WaitingBuyers {
    /// Returns the time since the buyer's first visit. Records a first visit and returns zero if there was none.
    pub(super) fn since_first_visit(&self, reference: &Reference) -> Duration {
        let now = Instant::now();
        // Nothing panics while the mutex is locked.
        let mut visits = self
            .first_visits
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let first = visits.get(reference).copied();
        let first = first
            .filter(|first| now - *first < VISIT_TTL)
            .unwrap_or(now);
        visits.put(reference.clone(), first);
        now - first
    }

    /// Returns a permit to delay a response, or `None` if there are too many delayed responses.
    pub(super) fn try_delay(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.delayed).try_acquire_owned().ok()
    }
}

impl Default for WaitingBuyers {
    fn default() -> Self {
        Self {
            first_visits: Arc::new(Mutex::new(LruCache::new(MAX_VISITS))),
            delayed: Arc::new(Semaphore::new(MAX_DELAYED)),
        }
    }
}
