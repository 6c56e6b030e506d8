//! The session ids of recent checkouts, and a cache of their states.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lru::LruCache;
use moka::future::Cache;

use super::checkout_state::CheckoutState;
use crate::reference::Reference;

/// The session ids of the last checkouts by reference, in memory. Clones share the same data.
#[derive(Clone)]
pub(crate) struct RecentSessions {
    ids: Arc<Mutex<LruCache<Reference, String>>>,
    states: Cache<Reference, CheckoutState>,
}

/// Number of session ids that are kept.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// Minimum interval between two requests to Kelviq for the state of one session. Kelviq's rate limit also applies to new
/// checkouts.
const STATE_TTL: Duration = Duration::from_secs(2);

impl RecentSessions {
    /// Stores the id of a new session.
    pub(crate) fn insert(&self, reference: Reference, session_id: String) {
        self.ids().put(reference, session_id);
    }

    /// Returns the id of a session.
    pub(crate) fn session_id(&self, reference: &Reference) -> Option<String> {
        self.ids().get(reference).cloned()
    }

    /// Returns the cached state, or the result of `fetch`. Concurrent calls share one `fetch`.
    pub(crate) async fn state(
        &self,
        reference: &Reference,
        fetch: impl Future<Output = CheckoutState>,
    ) -> CheckoutState {
        self.states.get_with(reference.clone(), fetch).await
    }

    fn ids(&self) -> MutexGuard<'_, LruCache<Reference, String>> {
        // No code panics while it holds the lock, so the data is valid.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for RecentSessions {
    fn default() -> Self {
        Self {
            ids: Arc::new(Mutex::new(LruCache::new(CAPACITY))),
            states: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(STATE_TTL)
                .build(),
        }
    }
}

impl fmt::Debug for RecentSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentSessions").finish_non_exhaustive()
    }
}
