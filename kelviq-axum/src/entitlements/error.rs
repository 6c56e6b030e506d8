//! The error of a request for entitlements.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use kelviq_core::CheckoutProblem;

use crate::rejection::problem_of;

/// Maximum time that a call waits for a request to Kelviq. The visitor of a page waits meanwhile.
pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(3);

/// Why a customer's entitlements are not known: Kelviq rejected the request, or is unavailable and no recent entitlements are
/// cached. Its [`source`](Error::source) is a [`kelviq_core::Error`], unless Kelviq did not respond in time.
///
/// ```
/// use axum::http::StatusCode;
/// use kelviq_axum::Shop;
///
/// async fn may_export(shop: &Shop, customer_id: &str) -> Result<bool, StatusCode> {
///     match shop.entitlements(customer_id).await {
///         Ok(entitlements) => Ok(entitlements.has("export")),
///         Err(error) => Err(StatusCode::from_u16(error.problem().status()).unwrap()), // 500, 502, 503 or 504
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct EntitlementsError {
    /// `None` if there was no response in time.
    error: Option<Arc<kelviq_core::Error>>,
}

impl EntitlementsError {
    pub(super) const TIMEOUT: Self = Self { error: None };

    /// Returns the problem: [`Busy`](CheckoutProblem::Busy), [`Timeout`](CheckoutProblem::Timeout),
    /// [`Upstream`](CheckoutProblem::Upstream) or [`Internal`](CheckoutProblem::Internal).
    pub fn problem(&self) -> CheckoutProblem {
        self.error
            .as_deref()
            .map_or(CheckoutProblem::Timeout, problem_of)
    }

    /// Returns the delay from the `Retry-After` header of Kelviq's response.
    pub fn retry_after(&self) -> Option<Duration> {
        self.error.as_ref()?.retry_after()
    }

    /// Returns the error of the request. `None` if there was no response in time.
    pub(super) fn kelviq_error(&self) -> Option<&Arc<kelviq_core::Error>> {
        self.error.as_ref()
    }

    /// Returns the error to log.
    pub(super) fn cause(&self) -> &(dyn Error + 'static) {
        self.source().unwrap_or(self)
    }
}

impl From<Arc<kelviq_core::Error>> for EntitlementsError {
    fn from(error: Arc<kelviq_core::Error>) -> Self {
        Self { error: Some(error) }
    }
}

impl fmt::Display for EntitlementsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error {
            Some(_) => f.write_str("the entitlements were not fetched"),
            None => write!(
                f,
                "the entitlements were not fetched within {} s",
                CALL_TIMEOUT.as_secs()
            ),
        }
    }
}

impl Error for EntitlementsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.as_deref().map(|error| error as _)
    }
}
