//! The response that sends a buyer to a checked URL.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
use url::Url;

use crate::request::response_format::ResponseFormat;

/// Returns a redirect with 303, or the JSON for a script, which cannot follow a redirect to another origin. The response
/// is never cached.
pub(crate) fn redirect(url: &Url, format: ResponseFormat, json: Value) -> Response {
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if format == ResponseFormat::Json {
        return ([no_store], Json(json)).into_response();
    }
    // A serialized URL is ASCII without spaces or line breaks, so it is always a valid header value.
    match HeaderValue::try_from(url.as_str()) {
        Ok(location) => (StatusCode::SEE_OTHER, [no_store, (LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
