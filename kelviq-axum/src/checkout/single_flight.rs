//! One session for a double click.

use std::{fmt, sync::Arc, time::Duration};

use kelviq_core::__internal::checkout_key;
use moka::{future::Cache, policy::EvictionPolicy};
use tokio::task::JoinError;
use tracing::Instrument;

use super::{purchase::Purchase, redirect::CheckoutRedirect};

/// Shares the session of the first click with further clicks for the same purchase within [`SESSION_TTL`], also while it is
/// being created. Clones share the same data.
///
/// Kelviq documents no idempotency key, and a buyer who pays for two sessions is charged twice. An error is shared with the
/// clicks that wait for it, but not cached.
#[derive(Clone)]
pub(crate) struct SingleFlight {
    sessions: Cache<Purchase, CheckoutRedirect>,
}

const SESSION_TTL: Duration = Duration::from_secs(5);
const CAPACITY: u64 = 10_000;

impl SingleFlight {
    /// Returns the cached session, or creates one.
    ///
    /// # Errors
    ///
    /// Returns a [`JoinError`] if `create` panics.
    pub(super) async fn share<E: Clone + Send + Sync + 'static>(
        &self,
        purchase: Purchase,
        create: impl Future<Output = Result<CheckoutRedirect, E>> + Send + 'static,
    ) -> Result<Result<CheckoutRedirect, E>, JoinError> {
        let sessions = self.sessions.clone();
        // Spawned because the browser cancels the request of the first click when it sends the second one.
        let task = tokio::spawn(
            async move { sessions.try_get_with(purchase, create).await }.in_current_span(),
        );
        Ok(task.await?.map_err(Arc::unwrap_or_clone))
    }

    /// Removes a session, so that the next click creates another one. `id` is the session's id or the key of its checkout.
    pub(crate) async fn forget(&self, id: &str) {
        // Only the sessions of the last seconds are cached, so that a second index is not worthwhile.
        let mut sessions = self.sessions.iter();
        let ended = sessions.find(|(_, session)| {
            let session_id = session.session_id();
            session_id == id || checkout_key(session_id) == id
        });
        if let Some((purchase, _)) = ended {
            self.sessions.invalidate(&*purchase).await;
        }
    }
}

impl Default for SingleFlight {
    fn default() -> Self {
        // A second click usually follows soon, so the newest entries are the useful ones.
        Self {
            sessions: Cache::builder()
                .max_capacity(CAPACITY)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(SESSION_TTL)
                .build(),
        }
    }
}

impl fmt::Debug for SingleFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}
