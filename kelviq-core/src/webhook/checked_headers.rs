//! Deliveries whose headers are checked before their bodies are read.

use std::{fmt, time::SystemTime};

use super::{
    delivery::Delivery,
    event::VerifiedEvent,
    headers::WebhookHeaders,
    models::checkout_completed::CheckoutCompleted,
    verifier::{WebhookVerifier, warn_if_id_differs},
};
use crate::error::Error;

/// The headers of a delivery, after [`check_headers`](WebhookVerifier::check_headers).
pub struct CheckedHeaders<'a>(Delivery<'a>);

/// For kelviq-axum; exempt from semantic versioning.
impl WebhookVerifier {
    /// Checks headers like [`check_headers`](Self::check_headers), and returns them.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`check_headers`](Self::check_headers).
    #[doc(hidden)]
    pub fn checked<'a>(&self, headers: WebhookHeaders<'a>) -> Result<CheckedHeaders<'a>, Error> {
        self.checked_at(headers, SystemTime::now())
            .map(CheckedHeaders)
    }

    /// Verifies a delivery like [`verify`](Self::verify). If it is a `checkout.completed` whose values are of the usual types,
    /// reads its session in the same pass.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify).
    #[doc(hidden)]
    pub fn verify_checked(
        &self,
        headers: CheckedHeaders<'_>,
        body: &[u8],
    ) -> Result<(VerifiedEvent, Option<Box<CheckoutCompleted>>), Error> {
        let delivery = Delivery { body, ..headers.0 };
        let source = self.verified_source(&delivery, SystemTime::now())?;
        let (event, session) = VerifiedEvent::with_session(body, source)?;
        warn_if_id_differs(&event, &delivery);
        Ok((event, session))
    }
}

impl fmt::Debug for CheckedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedHeaders").finish_non_exhaustive()
    }
}
