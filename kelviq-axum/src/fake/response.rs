//! The responses that the API and the pages have in common.

use axum::{
    Json,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY},
    },
    response::{IntoResponse, Response},
};
use maud::Markup;
use serde_json::{Value, json};
use tracing::warn;

/// Creates an API error that does not belong to a field.
pub(super) fn detail(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"detail": message}))).into_response()
}

/// Creates the response to an invalid request, and logs it. `errors` names the fields, without their values.
pub(super) fn bad_request(kind: &str, errors: Value) -> Response {
    warn!("{kind} request rejected: {errors}");
    (StatusCode::BAD_REQUEST, Json(errors)).into_response()
}

pub(super) fn html(status: StatusCode, page: Markup) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (REFERRER_POLICY, "same-origin"),
        (CONTENT_TYPE, "text/html; charset=utf-8"),
    ];
    (status, headers, page.into_string()).into_response()
}
