//! Reads a request body with a size limit and a timeout.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    http::StatusCode,
};
use http_body_util::LengthLimitError;

/// Maximum time to wait for the whole request body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads a request body of at most `limit` bytes.
///
/// # Errors
///
/// Returns the status for the response:
///
/// - 413 if the body is larger than `limit`,
/// - 408 if it is not complete within [`BODY_TIMEOUT`],
/// - 400 if the connection breaks.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > limit as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_over_limit(&error) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// Also finds the limit of a layer around the route, at any depth of the error's source chain.
fn is_over_limit(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.is::<LengthLimitError>() {
            return true;
        }
        source = error.source();
    }
    false
}
