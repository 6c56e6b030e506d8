//! Retrieval of one checkout session.

use super::details::CheckoutSessionDetails;
use crate::{client::kelviq::Kelviq, error::Error, json::Lenient};

impl Kelviq {
    /// Retrieves a checkout session with its order and subscription (`GET /checkout/sessions/{id}/`).
    ///
    /// ```
    /// # use kelviq_core::{Error, Kelviq};
    /// async fn is_paid(kelviq: &Kelviq, session_id: &str) -> Result<bool, Error> {
    ///     let session = kelviq.retrieve_checkout_session(session_id).await?;
    ///     Ok(session.is_paid())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Api`](crate::ErrorKind::Api) with status 404 if the session does not exist. The other errors are those
    /// of [`create_checkout_session`](Self::create_checkout_session).
    pub async fn retrieve_checkout_session(
        &self,
        session_id: &str,
    ) -> Result<CheckoutSessionDetails, Error> {
        let response = self.get(&["checkout", "sessions", session_id], &[]).await?;
        let session = CheckoutSessionDetails::read(&response.body)
            .ok_or_else(|| response.unexpected("the body is not a JSON object"))?;
        response.check_id(session.id.as_deref(), session_id, "session")?;
        Ok(session)
    }
}
