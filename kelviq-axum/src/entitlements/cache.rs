//! A cache of entitlements by customer.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelviq_core::{Entitlements, Error, ErrorKind};
use lru::LruCache;
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};
use tracing::Instrument;

use super::{
    customer::{Customer, FetchResult, PendingRequest},
    error::{CALL_TIMEOUT, EntitlementsError},
};
use crate::{failure_log::log_failure, metrics};

/// The entitlements of the customers that were seen last. Clones share the same data.
///
/// A customer is forgotten by removing the entry. The result of a request is stored only if the entry still has this request.
#[derive(Clone)]
pub(crate) struct EntitlementsCache {
    customers: Arc<Mutex<LruCache<String, Customer>>>,
}

/// Number of customers that are kept.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Time after a failed request in which stale entitlements are used without another request. Longer if Kelviq sends
/// `Retry-After`.
const PAUSE: Duration = Duration::from_secs(5);

const MAX_PAUSE: Duration = Duration::from_secs(60);

impl EntitlementsCache {
    /// Returns the cached entitlements, or the result of `fetch`. Concurrent calls for a customer share one `fetch`.
    pub(super) async fn get<F>(&self, customer_id: &str, fetch: impl FnOnce() -> F) -> FetchResult
    where
        F: Future<Output = Result<Entitlements, Error>> + Send + 'static,
    {
        let mut request = {
            let mut customers = self.customers();
            let customer = customers.get_or_insert_mut_ref(customer_id, Customer::default);
            if let Some(entitlements) = customer.available(Instant::now()) {
                return Ok(entitlements);
            }
            let pending = customer.pending().cloned();
            pending.unwrap_or_else(|| {
                let request = self.send(customer_id, fetch());
                customer.set_pending(request.clone());
                request
            })
        };
        if let Ok(Ok(result)) =
            timeout(CALL_TIMEOUT, request.result.wait_for(Option::is_some)).await
            && let Some(result) = &*result
        {
            return result.clone();
        }
        let stale = self
            .customers()
            .peek(customer_id)
            .and_then(|customer| customer.stale(Instant::now()));
        if let Some(entitlements) = stale {
            tracing::warn!("Kelviq does not respond in time; using stale entitlements");
            return Ok(entitlements);
        }
        tracing::error!("Kelviq does not respond in time; no entitlements are cached");
        Err(EntitlementsError::TIMEOUT)
    }

    /// Removes a customer.
    pub(super) fn forget(&self, customer_id: &str) {
        self.customers().pop(customer_id);
    }

    /// Sends a request. Spawned so that a cancelled call does not cancel the request that others wait for.
    fn send(
        &self,
        customer_id: &str,
        fetch: impl Future<Output = Result<Entitlements, Error>> + Send + 'static,
    ) -> PendingRequest {
        let (sender, result) = watch::channel(None);
        let request = PendingRequest {
            sent_at: Instant::now(),
            result,
        };
        let (cache, customer_id, own) = (self.clone(), customer_id.to_owned(), request.clone());
        let task = async move {
            let fetched = fetch.await;
            sender.send_replace(Some(cache.store(&customer_id, &own, fetched)));
        };
        tokio::spawn(task.in_current_span());
        request
    }

    /// Stores the result of a request, and returns the result of the calls that wait for it.
    fn store(
        &self,
        customer_id: &str,
        request: &PendingRequest,
        fetched: Result<Entitlements, Error>,
    ) -> FetchResult {
        let mut customers = self.customers();
        // `None` if the customer was forgotten after the request was sent.
        let customer = customers
            .peek_mut(customer_id)
            .filter(|customer| customer.awaits(request));
        let error = match fetched {
            Ok(entitlements) => {
                let entitlements = Arc::new(entitlements);
                if let Some(customer) = customer {
                    customer.succeeded(Arc::clone(&entitlements), request.sent_at);
                }
                metrics::entitlements_fetched("ok");
                return Ok(entitlements);
            }
            Err(error) => Arc::new(error),
        };
        let now = Instant::now();
        let stale = customer.and_then(|customer| {
            let stale = customer.stale(now).filter(|_| is_unavailable(&error));
            customer.failed(stale.is_some().then(|| now + pause_after(&error)));
            stale
        });
        drop(customers);
        if let Some(entitlements) = stale {
            metrics::entitlements_fetched("stale");
            log_failure!(
                warn,
                &error,
                {},
                "Kelviq is unavailable; using stale entitlements"
            );
            return Ok(entitlements);
        }
        metrics::entitlements_fetched("error");
        log_failure!(
            error,
            &error,
            {},
            "the entitlements of a customer were not fetched"
        );
        Err(error.into())
    }

    fn customers(&self) -> MutexGuard<'_, LruCache<String, Customer>> {
        // No code panics while it holds the lock, so the data is valid.
        self.customers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns `true` if the error is not Kelviq's answer to the request, so that an earlier answer may be used.
fn is_unavailable(error: &Error) -> bool {
    match error.kind() {
        // An unexpected response is one such as a maintenance page.
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::UnexpectedResponse => true,
        ErrorKind::Api => matches!(error.status(), Some(408 | 429 | 500..)),
        _ => false,
    }
}

fn pause_after(error: &Error) -> Duration {
    let retry_after = error.retry_after().unwrap_or_default();
    retry_after.clamp(PAUSE, MAX_PAUSE)
}

impl Default for EntitlementsCache {
    fn default() -> Self {
        Self {
            customers: Arc::new(Mutex::new(LruCache::new(CAPACITY))),
        }
    }
}

/// Omits the customers.
impl fmt::Debug for EntitlementsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntitlementsCache").finish_non_exhaustive()
    }
}
