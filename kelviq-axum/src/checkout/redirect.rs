//! The answer to a buyer whose checkout starts.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::Url;

use crate::Reference;

/// The way to a checkout page: 303 for a form, `{"checkoutUrl", "checkoutSessionId"}` for a script that accepts JSON.
/// Never cached.
///
/// ```
/// use kelviq_axum::{Checkout, CheckoutRedirect, CheckoutRejection, kelviq_core::ChargePeriod};
/// # fn remember(reference: &str, session_id: &str) {}
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, CheckoutRejection> {
///     let plan = checkout.plan("pro", ChargePeriod::Monthly).success_path("/thanks");
///     let redirect = plan.redirect().await?;
///     remember(redirect.reference().as_str(), redirect.session_id());
///     Ok(redirect)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CheckoutRedirect {
    pub(super) checkout_url: Url,
    pub(super) session_id: String,
    pub(super) reference: Reference,
    pub(super) wants_json: bool,
}

impl CheckoutRedirect {
    /// The same for a caller who accepts something else.
    pub(crate) fn accepted_as_json(mut self, wants_json: bool) -> Self {
        self.wants_json = wants_json;
        self
    }

    /// The checked URL of the hosted page.
    pub fn checkout_url(&self) -> &str {
        self.checkout_url.as_str()
    }

    /// The checkout session's id, `cs_…`.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// The checkout's reference: `?reference=…` on the success URL.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

impl IntoResponse for CheckoutRedirect {
    fn into_response(self) -> Response {
        let json = self.wants_json.then(|| {
            json!({
                "checkoutUrl": self.checkout_url.as_str(),
                "checkoutSessionId": self.session_id,
            })
        });
        send_to(&self.checkout_url, json)
    }
}

/// 303 to a checked URL, or the JSON for a script, which could not follow it. Never cached.
pub(crate) fn send_to(url: &Url, json: Option<Value>) -> Response {
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(json) = json {
        return ([no_store], Json(json)).into_response();
    }
    // A parsed URL is ASCII without spaces or line ends once it is written, so it always fits into a header.
    match HeaderValue::try_from(url.as_str()) {
        Ok(location) => (StatusCode::SEE_OTHER, [no_store, (LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
