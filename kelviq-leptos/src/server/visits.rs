//! Buyers who came back from paying, while their order is not here yet.

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

/// After this time a buyer who comes back is a new one.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// Anybody can make references up: they must not fill the memory.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How many pages are held back at once. Each looks for its order twice a second.
const MOST_HELD: usize = 500;

/// When buyers came back, by the references of their checkouts. Cloning shares it.
#[derive(Clone)]
pub(super) struct Visits {
    first: Arc<Mutex<LruCache<Reference, Instant>>>,
    places: Arc<Semaphore>,
}

impl Visits {
    /// How long ago the buyer first came back: zero for the first time.
    pub(super) fn since_first(&self, reference: &Reference) -> Duration {
        let now = Instant::now();
        // Nothing panics while the lock is held.
        let mut visits = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let first = visits.get(reference).copied();
        let first = first.filter(|first| now - *first < KEPT).unwrap_or(now);
        visits.put(reference.clone(), first);
        now - first
    }

    /// A place for a page that is held back, if there is one.
    pub(super) fn hold(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}

impl Default for Visits {
    fn default() -> Self {
        Self {
            first: Arc::new(Mutex::new(LruCache::new(MOST))),
            places: Arc::new(Semaphore::new(MOST_HELD)),
        }
    }
}
