//! One session for a double click.

use std::{fmt, sync::Arc, time::Duration};

use moka::{future::Cache, policy::EvictionPolicy};
use tracing::Instrument;

use crate::{CheckoutProblem, CheckoutRedirect, CheckoutRejection};

/// What makes two clicks the same: the customer, the offer, the quantities, and the address to come back to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Click {
    pub(super) customer_id: String,
    pub(super) offer: String,
    pub(super) quantities: Vec<(String, u32)>,
    pub(super) base: String,
}

/// Gives a second click within seconds the session of the first, also while the first is under way. Kelviq documents no
/// idempotency key, and two sessions that are both paid are two charges.
///
/// A browser hangs up on the first click when the second comes, so the work goes on without its caller. Errors are not
/// kept.
#[derive(Clone)]
pub(super) struct SingleFlight {
    sessions: Cache<Click, CheckoutRedirect>,
}

const SAME_CLICK: Duration = Duration::from_secs(5);
const CAPACITY: u64 = 10_000;

impl SingleFlight {
    pub(super) async fn share(
        &self,
        click: Click,
        create: impl Future<Output = Result<CheckoutRedirect, CheckoutRejection>> + Send + 'static,
    ) -> Result<CheckoutRedirect, Arc<CheckoutRejection>> {
        let sessions = self.sessions.clone();
        let work = async move { sessions.try_get_with(click, create).await };
        let ended = tokio::spawn(work.in_current_span()).await;
        ended.unwrap_or_else(|error| {
            tracing::error!(%error, "no checkout session");
            Err(Arc::new(CheckoutRejection::new(
                CheckoutProblem::Internal,
                false,
            )))
        })
    }
}

impl Default for SingleFlight {
    fn default() -> Self {
        Self {
            sessions: Cache::builder()
                .max_capacity(CAPACITY)
                // The newest click is the one that may be doubled.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(SAME_CLICK)
                .build(),
        }
    }
}

impl fmt::Debug for SingleFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}
