//! Which checkout session a reference belongs to.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;

use crate::Reference;

/// The session ids of the last checkouts, by reference: in memory, for as long as buyers take to come back.
#[derive(Clone)]
pub(crate) struct RecentSessions {
    ids: Arc<Mutex<LruCache<Reference, String>>>,
}

const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

impl RecentSessions {
    pub(crate) fn remember(&self, reference: Reference, session_id: String) {
        self.ids().put(reference, session_id);
    }

    pub(crate) fn find(&self, reference: &Reference) -> Option<String> {
        self.ids().get(reference).cloned()
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
        }
    }
}

impl fmt::Debug for RecentSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentSessions").finish_non_exhaustive()
    }
}
