//! The checkout session that Kelviq created.

use url::Url;

use crate::{
    json::Lenient, model::model, plain_decimal::is_plain_decimal, validation::parse_http_url,
};

/// Maximum length of a session's id in bytes, as for the ids of events.
const MAX_ID_LENGTH: usize = 255;

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
    /// It is an absolute http or https URL of at most 2048 bytes. The host is not checked.
    ///
    /// JSON field: `checkoutUrl`.
    pub checkout_url: String,
    /// The session's id, `cs_…`, of at most 255 bytes. [`CheckoutCompleted::session_id`](crate::CheckoutCompleted::session_id) has the same
    /// value.
    ///
    /// JSON field: `checkoutSessionId`.
    pub checkout_session_id: String,
}

model! {
    /// The response body, whose keys can be in snake case.
    #[expect(unreachable_pub, reason = "models usually are public")]
    pub struct Response {
        pub url: Option<String> = "checkoutUrl",
        pub snake_case_url: Option<String> = "checkout_url",
        pub id: Option<String> = "checkoutSessionId",
        pub snake_case_id: Option<String> = "checkout_session_id",
    }
}

/// Reads the URL and the id of a session from the response body. The error describes what is wrong with it.
pub(super) fn read_session(json: &str) -> Result<(Url, String), &'static str> {
    let response = Response::read(json).ok_or("the body is not a JSON object")?;
    let text = |camel_case: Option<String>, snake_case: Option<String>| {
        let mut texts = [camel_case, snake_case].into_iter().flatten();
        texts.find(|text| !text.is_empty())
    };
    let url = text(response.url, response.snake_case_url)
        .filter(|url| !is_plain_decimal(url))
        .ok_or("checkoutUrl is missing, empty or not a string")?;
    let url = parse_http_url(&url)
        .ok_or("checkoutUrl is too long or is not an absolute http or https URL")?;
    let id = text(response.id, response.snake_case_id)
        .filter(|id| id.len() <= MAX_ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or("checkoutSessionId is missing, too long or not printable ASCII")?;
    Ok((url, id))
}
