//! One session for a double click.

use std::{fmt, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use kelviq_core::__internal::checkout_key;
use moka::{future::Cache, policy::EvictionPolicy};
use tracing::Span;

use super::{purchase::Purchase, redirect::CheckoutRedirect};
use crate::{panics::panic_message, run_to_end::run_to_end};

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
    /// Returns the message of the panic if `create` panics.
    pub(super) async fn share<E: Clone + Send + Sync + 'static>(
        &self,
        purchase: Purchase,
        create: impl Future<Output = Result<CheckoutRedirect, E>> + Send + 'static,
    ) -> Result<Result<CheckoutRedirect, E>, String> {
        let sessions = self.sessions.clone();
        let session = async move { sessions.try_get_with(purchase, create).await };
        let session = AssertUnwindSafe(session).catch_unwind();
        // The browser cancels the request of the first click when it sends the second one.
        match run_to_end(Span::current(), session).await {
            Ok(session) => Ok(session.map_err(Arc::unwrap_or_clone)),
            Err(panic) => Err(panic_message(&*panic)),
        }
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::future::poll_immediate;
    use tokio::runtime::Builder;

    use super::*;
    use crate::checkout::purchase::PurchaseKey;

    #[tokio::test]
    async fn a_panic_is_an_error_that_is_not_cached() {
        let sessions = SingleFlight::default();
        let purchase = Purchase::new(&"pro", PurchaseKey::default());
        let panic = sessions.share::<()>(purchase.clone(), async { panic!("a bug") });
        assert_eq!(panic.await.unwrap_err(), "a bug");
        let next = sessions.share(purchase, async { Err("no session") });
        assert_eq!(next.await.unwrap().unwrap_err(), "no session");
    }

    #[test]
    fn a_click_that_is_dropped_after_its_runtime_does_not_block_the_next_one() {
        let runtime = || Builder::new_current_thread().build().unwrap();
        let sessions = SingleFlight::default();
        let purchase = Purchase::new(&"pro", PurchaseKey::default());
        let mut first = Box::pin(sessions.share::<()>(purchase.clone(), pending()));
        let first_runtime = runtime();
        assert!(first_runtime.block_on(poll_immediate(&mut first)).is_none());
        drop(first_runtime);
        drop(first);
        let next = sessions.share(purchase, async { Err(()) });
        assert_eq!(runtime().block_on(next).unwrap().unwrap_err(), ());
    }
}
