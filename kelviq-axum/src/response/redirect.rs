//! The response that sends a buyer to a checked URL.

use axum::{
    Json,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
use url::Url;

use crate::request::response_format::ResponseFormat;

/// Returns a redirect with 303, or the JSON for a script, which cannot follow a redirect to another origin. The response
/// is never cached.
pub(crate) fn redirect(
    url: &Url,
    format: ResponseFormat,
    json: impl FnOnce() -> Value,
) -> Response {
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match format {
        ResponseFormat::Json => ([no_store], Json(json())).into_response(),
        ResponseFormat::Html | ResponseFormat::Htmx => {
            ([no_store], redirect_to(url.as_str(), format)).into_response()
        }
    }
}

/// Returns a redirect to a URL that has been checked, or to a path of the application: 303, or `HX-Redirect` for htmx.
pub(crate) fn redirect_to(url: &str, format: ResponseFormat) -> Response {
    let Ok(location) = HeaderValue::try_from(url) else {
        // A serialized URL is always valid, but the application can have set a path with a line break.
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if format == ResponseFormat::Htmx {
        let hx_redirect = HeaderName::from_static("hx-redirect");
        return [(hx_redirect, location)].into_response();
    }
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
