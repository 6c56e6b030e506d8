//! Forms: the request body, and the same fields in a query string.

use axum::{
    body::{Body, Bytes},
    http::{
        StatusCode, Uri,
        header::{CONTENT_TYPE, HeaderMap},
    },
};
use kelviq_core::CheckoutProblem;

use crate::body::read_body;

/// Maximum size of a form, in bytes. A checkout form of one offer is much smaller.
const MAX_FORM_SIZE: usize = 16 * 1024;

/// Reads an `application/x-www-form-urlencoded` body, with the limit and the timeout that apply to every form. An empty body
/// may have any content type.
///
/// # Errors
///
/// Returns [`BodyTooLarge`](CheckoutProblem::BodyTooLarge) for more than 16 KiB,
/// [`UnreadableBody`](CheckoutProblem::UnreadableBody) if the body is not complete within 10 s or the connection breaks, and
/// [`UnsupportedBody`](CheckoutProblem::UnsupportedBody) for another content type.
pub async fn read_form(headers: &HeaderMap, body: Body) -> Result<Bytes, CheckoutProblem> {
    let body = read_body(body, MAX_FORM_SIZE)
        .await
        .map_err(|status| match status {
            StatusCode::PAYLOAD_TOO_LARGE => CheckoutProblem::BodyTooLarge,
            _ => CheckoutProblem::UnreadableBody,
        })?;
    if !is_form(headers) && !body.is_empty() {
        return Err(CheckoutProblem::UnsupportedBody);
    }
    Ok(body)
}

/// Reads the fields of a form.
pub(crate) async fn form_fields(
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<(String, String)>, CheckoutProblem> {
    let body = read_form(headers, body).await?;
    Ok(form_urlencoded::parse(&body).into_owned().collect())
}

/// Returns the fields of a query string.
pub(crate) fn query_fields(uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| {
        media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
