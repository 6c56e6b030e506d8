//! The response to a buyer whose checkout was started.

use axum::response::{IntoResponse, Response};
use serde_json::json;
use url::Url;

use crate::{
    reference::Reference, request::response_format::ResponseFormat, response::redirect::redirect,
};

/// A redirect to a checkout page: 303, `{"checkoutUrl", "checkoutSessionId", "reference"}` for a script, or `HX-Redirect` for
/// htmx, as [`ResponseFormat`] describes. It is never cached.
///
/// ```
/// use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
/// use kelviq_core::ChargePeriod;
/// # fn store(reference: &str, session_id: &str) {}
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
///     let plan = checkout.plan("pro", ChargePeriod::Monthly).success_path("/thanks");
///     let redirect = plan.redirect().await?;
///     store(redirect.reference().as_str(), redirect.session_id());
///     Ok(redirect)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CheckoutRedirect {
    pub(super) checkout_url: Url,
    pub(super) session_id: String,
    pub(super) reference: Reference,
    pub(super) format: ResponseFormat,
}

impl CheckoutRedirect {
    pub(crate) fn with_format(mut self, format: ResponseFormat) -> Self {
        self.format = format;
        self
    }

    /// Returns the validated URL of the checkout page.
    pub fn checkout_url(&self) -> &str {
        self.checkout_url.as_str()
    }

    /// Returns the id of the checkout session, `cs_…`.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Returns the checkout's reference, which the success URL has as the query parameter `reference`.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

impl IntoResponse for CheckoutRedirect {
    fn into_response(self) -> Response {
        let json = || {
            json!({
                "checkoutUrl": self.checkout_url.as_str(),
                "checkoutSessionId": self.session_id,
                "reference": self.reference,
            })
        };
        redirect(&self.checkout_url, self.format, json)
    }
}
