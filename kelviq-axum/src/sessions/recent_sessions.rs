//! The session ids of checkouts, and a cache of their states.

use std::{
    error::Error,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lru::LruCache;
use moka::future::Cache;

use super::checkout_state::CheckoutState;
use crate::{
    reference::Reference,
    store::{
        references::{BoxError, References},
        store_trait::Store,
    },
};

/// The session ids of the last checkouts by reference, in memory, and of all others in a store if there is one. Clones
/// share the same data.
#[derive(Clone)]
pub(crate) struct RecentSessions {
    ids: Arc<Mutex<SessionIds>>,
    store: Option<Arc<dyn References>>,
    states: Cache<Reference, CheckoutState>,
}

/// The session ids by the [bits](Reference::bits) of their reference, which take less memory than its text.
type SessionIds = LruCache<[u8; 16], Box<str>>;

/// Number of session ids that are kept.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// Maximum time to wait for the store. The buyer waits meanwhile.
const STORE_TIMEOUT: Duration = Duration::from_secs(1);

/// Minimum interval between two requests to Kelviq for the state of one session. Kelviq's rate limit also applies to new
/// checkouts.
const STATE_TTL: Duration = Duration::from_secs(2);

impl RecentSessions {
    pub(crate) fn set_store(&mut self, store: impl Store) {
        self.store = Some(Arc::new(store));
    }

    pub(crate) fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Stores the id of a new session. A failure is logged: the buyer can pay all the same.
    pub(crate) async fn insert(&self, reference: &Reference, session_id: &str) {
        self.ids().put(reference.bits(), session_id.into());
        let Some(store) = &self.store else { return };
        if let Err(error) = within_timeout(store.insert(reference.as_str(), session_id)).await {
            let error = &*error as &dyn Error;
            tracing::error!(%reference, session_id, error, "the session was not stored");
        }
    }

    /// Returns the id of a session.
    pub(crate) async fn session_id(
        &self,
        reference: &Reference,
    ) -> Result<Option<String>, BoxError> {
        let session_id = self.ids().get(&reference.bits()).map(ToString::to_string);
        match &self.store {
            Some(store) if session_id.is_none() => {
                within_timeout(store.session_id(reference.as_str())).await
            }
            _ => Ok(session_id),
        }
    }

    /// Returns the cached state, or the result of `fetch`. Concurrent calls share one `fetch`.
    pub(crate) async fn state(
        &self,
        reference: &Reference,
        fetch: impl Future<Output = CheckoutState>,
    ) -> CheckoutState {
        self.states.get_with(reference.clone(), fetch).await
    }

    fn ids(&self) -> MutexGuard<'_, SessionIds> {
        // No code panics while it holds the lock, so the data is valid.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn within_timeout<T>(
    operation: impl Future<Output = Result<T, BoxError>>,
) -> Result<T, BoxError> {
    tokio::time::timeout(STORE_TIMEOUT, operation)
        .await
        .unwrap_or_else(|_| Err("the store did not respond in time".into()))
}

impl Default for RecentSessions {
    fn default() -> Self {
        Self {
            ids: Arc::new(Mutex::new(LruCache::new(CAPACITY))),
            store: None,
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
