//! The session that Kelviq created.

use url::Url;

use super::CreateCheckoutSession;
use crate::{Error, Kelviq, json::RawObject};

/// A checkout session: send the buyer to [`checkout_url`](Self::checkout_url). It expires after 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckoutSession {
    /// `checkoutUrl`: the hosted page. It is an absolute http or https URL; which hosts to trust is the caller's to say.
    pub checkout_url: String,
    /// `checkoutSessionId`: `cs_…`, the `session_id` of the later
    /// [`CheckoutCompleted`](crate::CheckoutCompleted).
    pub checkout_session_id: String,
}

impl CheckoutSession {
    /// Reads the answer; the text says what is wrong with it.
    fn from_json(json: &str) -> Result<Self, &'static str> {
        let answer = RawObject::parse(json).map_err(|_| "it is not a JSON object")?;
        let text = |camel: &str, snake: &str| {
            answer
                .get::<String>(camel)
                .or_else(|| answer.get(snake))
                .filter(|text| !text.is_empty())
        };
        let url = text("checkoutUrl", "checkout_url").ok_or("it has no checkoutUrl")?;
        let url = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or("its checkoutUrl is not an absolute http or https URL")?;
        Ok(Self {
            checkout_url: url.into(),
            checkout_session_id: text("checkoutSessionId", "checkout_session_id")
                .ok_or("it has no checkoutSessionId")?,
        })
    }
}

impl Kelviq {
    /// `POST /checkout/`: creates a checkout session.
    ///
    /// # Errors
    ///
    /// Every kind of [`ErrorKind`](crate::ErrorKind) but those of webhooks.
    pub async fn create_checkout_session(
        &self,
        request: &CreateCheckoutSession,
    ) -> Result<CheckoutSession, Error> {
        let json = request.to_json()?;
        let answer = self.post(&["checkout"], json).await?;
        CheckoutSession::from_json(&answer.body).map_err(|problem| answer.unexpected(problem))
    }
}
