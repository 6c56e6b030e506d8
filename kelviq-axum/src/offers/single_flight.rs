//! Shares one checkout session between repeated clicks.

use std::{fmt, sync::Arc, time::Duration};

use kelviq_core::CheckoutProblem;
use moka::{future::Cache, policy::EvictionPolicy};
use tracing::Instrument;

use super::sold_quantities::SoldQuantities;
use crate::{
    checkout::redirect::CheckoutRedirect,
    rejection::{Operation, Rejection},
    request::response_format::ResponseFormat,
};

/// The key by which clicks share a session.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Click {
    pub(super) customer_id: String,
    pub(super) offer: String,
    pub(super) quantities: SoldQuantities,
    /// The URL that success and cancel paths are joined to.
    pub(super) base: String,
}

/// A cache that returns the session of the first click for identical clicks: while the session is being created, and for
/// [`SESSION_TTL`] afterwards.
///
/// Kelviq documents no idempotency key, and a buyer who pays for two sessions is charged twice. Errors are not cached.
#[derive(Clone)]
pub(super) struct SingleFlight {
    sessions: Cache<Click, CheckoutRedirect>,
}

const SESSION_TTL: Duration = Duration::from_secs(5);
const CAPACITY: u64 = 10_000;

impl SingleFlight {
    /// Returns the cached session, or creates one.
    pub(super) async fn share(
        &self,
        click: Click,
        create: impl Future<Output = Result<CheckoutRedirect, Rejection>> + Send + 'static,
    ) -> Result<CheckoutRedirect, Rejection> {
        let sessions = self.sessions.clone();
        // Spawned because the browser cancels the request of the first click when it sends the second one.
        let task = tokio::spawn(
            async move { sessions.try_get_with(click, create).await }.in_current_span(),
        );
        match task.await {
            Ok(session) => session.map_err(Arc::unwrap_or_clone),
            Err(error) => {
                tracing::error!(%error, "the task that creates a checkout session panicked");
                let problem = CheckoutProblem::Internal;
                Err(Rejection::new(
                    Operation::Checkout,
                    problem,
                    ResponseFormat::Html,
                ))
            }
        }
    }
}

impl Default for SingleFlight {
    fn default() -> Self {
        Self {
            sessions: Cache::builder()
                .max_capacity(CAPACITY)
                // A second click usually follows soon, so the newest entries are the useful ones.
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
