//! One session.

use super::CheckoutSessionDetails;
use crate::{Error, Kelviq, json::Lenient};

impl Kelviq {
    /// `GET /checkout/sessions/{id}/`: a session's state, with the order and the subscription that it led to.
    ///
    /// ```
    /// # use kelviq_core::{SessionStatus, Error, Kelviq};
    /// async fn is_paid(kelviq: &Kelviq, session_id: &str) -> Result<bool, Error> {
    ///     let session = kelviq.retrieve_checkout_session(session_id).await?;
    ///     Ok(session.status == Some(SessionStatus::Success))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Api`](crate::ErrorKind::Api) with status 404 when Kelviq knows no such session; else like
    /// [`create_checkout_session`](Self::create_checkout_session).
    pub async fn retrieve_checkout_session(
        &self,
        session_id: &str,
    ) -> Result<CheckoutSessionDetails, Error> {
        let answer = self.get(&["checkout", "sessions", session_id], &[]).await?;
        let session = CheckoutSessionDetails::read(&answer.body)
            .ok_or_else(|| answer.unexpected("it is not a JSON object"))?;
        match &session.id {
            Some(id) if id != session_id => Err(answer.unexpected("it is about another session")),
            _ => Ok(session),
        }
    }
}
