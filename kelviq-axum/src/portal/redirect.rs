//! The response to a buyer whose customer portal was opened.

use std::fmt;

use axum::{
    http::{HeaderValue, header::REFERRER_POLICY},
    response::{IntoResponse, Response},
};
use serde_json::json;
use url::Url;

use crate::{
    reference::Reference, request::response_format::ResponseFormat, response::redirect::redirect,
};

/// A redirect to the customer portal: 303, `{"customerPortalUrl", "reference"}` for a script, or `HX-Redirect` for htmx, as
/// [`ResponseFormat`] describes. It is never cached.
///
/// ```
/// use kelviq_axum::PortalRedirect;
///
/// fn link(redirect: &PortalRedirect) -> &str {
///     redirect.portal_url() // signs the customer in, so only this customer may see it
/// }
/// ```
#[derive(Clone)]
pub struct PortalRedirect {
    pub(super) url: Url,
    pub(super) reference: Reference,
    pub(super) format: ResponseFormat,
}

impl PortalRedirect {
    /// Returns the validated URL, which signs the customer in.
    pub fn portal_url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the reference of the request, which is also in the log.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

impl IntoResponse for PortalRedirect {
    fn into_response(self) -> Response {
        let json = || {
            json!({
                "customerPortalUrl": self.url.as_str(),
                "reference": self.reference,
            })
        };
        let no_referrer = (REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        ([no_referrer], redirect(&self.url, self.format, json)).into_response()
    }
}

/// Omits the URL, because its token gives access to the customer's account.
impl fmt::Debug for PortalRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalRedirect").finish_non_exhaustive()
    }
}
