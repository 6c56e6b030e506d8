//! The session that Kelviq created.

use url::Url;

use super::CreateCheckoutSession;
use crate::{Error, Kelviq, json::RawObject};

/// A checkout session: send the buyer to [`checkout_url`](Self::checkout_url). It expires after 24 hours.
///
/// ```
/// use kelviq_core::{CreateCheckoutSession, Error, Kelviq};
///
/// async fn start(kelviq: &Kelviq, request: &CreateCheckoutSession) -> Result<String, Error> {
///     let session = kelviq.create_checkout_session(request).await?;
///     println!("created {}", session.checkout_session_id); // or keep it with the order
///     Ok(session.checkout_url)
/// }
/// ```
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
        let answer = RawObject::parse_lenient(json).ok_or("it is not a JSON object")?;
        let text = |camel: &str, snake: &str| {
            let mut texts = [camel, snake]
                .into_iter()
                .filter_map(|key| answer.get::<String>(key));
            texts.find(|text| !text.is_empty())
        };
        let url = text("checkoutUrl", "checkout_url").ok_or("it has no text under checkoutUrl")?;
        let url = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or("its checkoutUrl is not an absolute http or https URL")?;
        Ok(Self {
            checkout_url: url.into(),
            checkout_session_id: text("checkoutSessionId", "checkout_session_id")
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_graphic()))
                .ok_or("it has no text under checkoutSessionId that could be an id")?,
        })
    }
}

impl Kelviq {
    /// `POST /checkout/`: creates a checkout session.
    ///
    /// # Errors
    ///
    /// Every kind of [`ErrorKind`](crate::ErrorKind) but `Configuration` and those of webhooks.
    pub async fn create_checkout_session(
        &self,
        request: &CreateCheckoutSession,
    ) -> Result<CheckoutSession, Error> {
        let json = request.to_json()?;
        let answer = self.post(&["checkout"], json).await?;
        CheckoutSession::from_json(&answer.body).map_err(|problem| answer.unexpected(problem))
    }
}
