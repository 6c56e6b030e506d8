//! Reading and verifying a delivery.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode},
};
use kelviq_core::{ErrorKind, VerifiedEvent, WebhookHeaders, WebhookVerifier};

use super::rejection::WebhookRejection;
use crate::body::read_body;

/// Maximum size of a body. Events are far smaller.
const MAX_BODY: usize = 1024 * 1024;

const INVALID_HEADERS: &str = "a webhook header is missing or malformed";

/// Reads a delivery's body and verifies its signature.
pub(super) async fn read_and_verify(
    verifier: &WebhookVerifier,
    headers: &HeaderMap,
    body: Body,
) -> Result<(VerifiedEvent, Bytes), WebhookRejection> {
    let body = read(headers, body).await?;
    let event = verify(verifier, headers, &body)?;
    Ok((event, body))
}

/// Reads a body up to the size limit, provided that all webhook headers are present.
async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, WebhookRejection> {
    let missing = WebhookHeaders::NAMES
        .iter()
        .find(|name| !headers.contains_key(**name));
    if let Some(missing) = missing {
        tracing::warn!(missing, "webhook delivery rejected: a header is missing");
        return Err(WebhookRejection::new(
            StatusCode::BAD_REQUEST,
            INVALID_HEADERS,
        ));
    }
    read_body(body, MAX_BODY).await.map_err(|status| {
        tracing::warn!(%status, "webhook delivery rejected: the body could not be read");
        WebhookRejection::new(status, "the body is too large, too slow, or incomplete")
    })
}

fn verify(
    verifier: &WebhookVerifier,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<VerifiedEvent, WebhookRejection> {
    let headers = WebhookHeaders::from_lookup_all(|name| {
        headers.get_all(name).iter().map(HeaderValue::as_bytes)
    });
    verifier.verify(headers, body).map_err(|error| {
        tracing::warn!(%error, "webhook delivery rejected");
        let (status, message) = match error.kind() {
            ErrorKind::WebhookSignature => {
                (StatusCode::UNAUTHORIZED, "the signature does not match")
            }
            ErrorKind::WebhookTimestamp => (
                StatusCode::UNAUTHORIZED,
                "the timestamp is too far from now",
            ),
            ErrorKind::WebhookHeaders => (StatusCode::BAD_REQUEST, INVALID_HEADERS),
            _ => (StatusCode::BAD_REQUEST, "the body is not an event"),
        };
        WebhookRejection::new(status, message).with_source(error)
    })
}
