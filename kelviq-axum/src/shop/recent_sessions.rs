//! Which checkout session a reference belongs to, and where it stood a moment ago.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lru::LruCache;
use moka::future::Cache;

use crate::{CheckoutState, Reference};

/// The last checkouts, by reference: in memory, for as long as buyers take to come back.
#[derive(Clone)]
pub(crate) struct RecentSessions {
    ids: Arc<Mutex<LruCache<Reference, String>>>,
    states: Cache<Reference, CheckoutState>,
}

const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// However often a page is loaded, Kelviq is asked once in this time: its limits are shared with the checkout.
const FRESH: Duration = Duration::from_secs(2);

impl RecentSessions {
    pub(crate) fn remember(&self, reference: Reference, session_id: String) {
        self.ids().put(reference, session_id);
    }

    pub(crate) fn find(&self, reference: &Reference) -> Option<String> {
        self.ids().get(reference).cloned()
    }

    /// The state that `ask` finds out, or that it found out a moment ago.
    pub(crate) async fn state(
        &self,
        reference: &Reference,
        ask: impl Future<Output = CheckoutState>,
    ) -> CheckoutState {
        self.states.get_with(reference.clone(), ask).await
    }

    fn ids(&self) -> MutexGuard<'_, LruCache<Reference, String>> {
        // Nothing panics while the lock is held.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for RecentSessions {
    fn default() -> Self {
        Self {
            ids: Arc::new(Mutex::new(LruCache::new(CAPACITY))),
            states: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(FRESH)
                .build(),
        }
    }
}

impl fmt::Debug for RecentSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentSessions").finish_non_exhaustive()
    }
}
