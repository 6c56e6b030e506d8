//! Forms: the request body, and the same fields in a query string.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header::CONTENT_TYPE},
};
use kelviq_core::CheckoutProblem;

use super::json_fields::json_fields;
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
    let body = read_limited(body).await?;
    if media_type(headers.get(CONTENT_TYPE)) != URLENCODED && !body.is_empty() {
        return Err(CheckoutProblem::UnsupportedBody);
    }
    Ok(body)
}

/// Reads the fields of a form, which is `application/x-www-form-urlencoded` or `multipart/form-data`, or those of a JSON object
/// of strings and integers. An empty body may have any content type.
///
/// # Errors
///
/// Returns the problems of [`read_form`]. A body with a file is [`UnsupportedBody`](CheckoutProblem::UnsupportedBody), and one
/// that does not match its content type is [`InvalidBody`](CheckoutProblem::InvalidBody).
pub(crate) async fn form_fields(
    content_type: Option<&HeaderValue>,
    body: Body,
) -> Result<Vec<(String, String)>, CheckoutProblem> {
    let body = read_limited(body).await?;
    match media_type(content_type).as_str() {
        _ if body.is_empty() => Ok(Vec::new()),
        URLENCODED => Ok(form_urlencoded::parse(&body).into_owned().collect()),
        "multipart/form-data" => multipart_fields(content_type, body).await,
        "application/json" => json_fields(&body),
        _ => Err(CheckoutProblem::UnsupportedBody),
    }
}

const URLENCODED: &str = "application/x-www-form-urlencoded";

async fn read_limited(body: Body) -> Result<Bytes, CheckoutProblem> {
    let body = read_body(body, MAX_FORM_SIZE).await;
    body.map_err(|status| match status {
        StatusCode::PAYLOAD_TOO_LARGE => CheckoutProblem::BodyTooLarge,
        _ => CheckoutProblem::UnreadableBody,
    })
}

async fn multipart_fields(
    content_type: Option<&HeaderValue>,
    body: Bytes,
) -> Result<Vec<(String, String)>, CheckoutProblem> {
    let mut request = Request::new(Body::from(body));
    request
        .headers_mut()
        .extend(content_type.map(|value| (CONTENT_TYPE, value.clone())));
    let multipart = Multipart::from_request(request, &()).await;
    let mut multipart = multipart.map_err(|_| CheckoutProblem::InvalidBody)?;
    let mut fields = Vec::new();
    loop {
        let field = multipart.next_field().await;
        let Some(field) = field.map_err(|_| CheckoutProblem::InvalidBody)? else {
            return Ok(fields);
        };
        // The name of a file input without a file is empty.
        if field.file_name().is_some_and(|name| !name.is_empty()) {
            return Err(CheckoutProblem::UnsupportedBody);
        }
        let name = field.name().ok_or(CheckoutProblem::InvalidBody)?.to_owned();
        let text = field.text().await;
        fields.push((name, text.map_err(|_| CheckoutProblem::InvalidBody)?));
    }
}

/// Returns the fields of a query string.
pub(crate) fn query_fields(uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// Returns the content type in lower case, without its parameters. It is empty if the header is missing.
fn media_type(content_type: Option<&HeaderValue>) -> String {
    let value = content_type.and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next());
    media_type.unwrap_or_default().trim().to_ascii_lowercase()
}
