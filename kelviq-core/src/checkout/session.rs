//! The checkout session that Kelviq created.

use crate::{json::RawObject, plain_decimal::is_plain_decimal, validation::parse_http_url};

/// A new checkout session. Redirect the buyer to [`checkout_url`](Self::checkout_url).
///
/// A session expires after 24 hours.
///
/// ```
/// use kelviq_core::{CreateCheckoutSession, Error, Kelviq};
///
/// async fn start(kelviq: &Kelviq, request: &CreateCheckoutSession) -> Result<String, Error> {
///     let session = kelviq.create_checkout_session(request).await?;
///     println!("created {}", session.checkout_session_id); // or store it with the order
///     Ok(session.checkout_url)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckoutSession {
    /// The URL of the hosted checkout page.
    ///
    /// It is an absolute http or https URL. The host is not checked.
    ///
    /// JSON field: `checkoutUrl`.
    pub checkout_url: String,
    /// The session's id, `cs_…`. [`CheckoutCompleted::session_id`](crate::CheckoutCompleted::session_id) has the same
    /// value.
    ///
    /// JSON field: `checkoutSessionId`.
    pub checkout_session_id: String,
}

impl CheckoutSession {
    /// Reads the response body. The error describes what is wrong with it.
    pub(super) fn from_json(json: &str) -> Result<Self, &'static str> {
        let response = RawObject::parse_lenient(json).ok_or("it is not a JSON object")?;
        let text = |camel_case: &str, snake_case: &str| {
            let mut texts = [camel_case, snake_case]
                .into_iter()
                .filter_map(|key| response.get::<String>(key));
            texts.find(|text| !text.is_empty())
        };
        let url = text("checkoutUrl", "checkout_url")
            .filter(|url| !is_plain_decimal(url))
            .ok_or("it has no text under checkoutUrl")?;
        let url =
            parse_http_url(&url).ok_or("its checkoutUrl is not an absolute http or https URL")?;
        Ok(Self {
            checkout_url: url.into(),
            checkout_session_id: text("checkoutSessionId", "checkout_session_id")
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_graphic()))
                .ok_or("its checkoutSessionId is missing or is not printable ASCII")?,
        })
    }
}
