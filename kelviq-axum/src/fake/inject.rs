//! The middleware that injects faults.

use std::{io, sync::Arc};

use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, LOCATION, RETRY_AFTER},
    },
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use http_body_util::{BodyExt, channel::Channel};
use serde_json::{Value, json};

use super::{fault::Fault, state::FakeState, sync::lock};

/// Injects the next fault into the response to an API request.
pub(super) async fn inject(
    State(state): State<Arc<FakeState>>,
    request: Request,
    next: Next,
) -> Response {
    let fault = lock(&state.faults).take();
    match fault {
        Fault::Normal => next.run(request).await,
        Fault::Error(status) => error(status),
        Fault::InvalidField(field) => {
            let body = json!({field: ["Invalid value."]});
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        }
        Fault::TooManyRequests { retry_after } => {
            let mut response = error(429);
            let seconds = retry_after.as_secs().into();
            response.headers_mut().insert(RETRY_AFTER, seconds);
            response
        }
        Fault::Html => {
            let page = "<!doctype html><title>502</title><h1>502 Bad Gateway</h1>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
        Fault::Redirect => {
            let location = format!("{}/elsewhere/", state.origin);
            (StatusCode::FOUND, [(LOCATION, location)]).into_response()
        }
        Fault::HalfBody => cut_in_half(next.run(request).await).await,
        Fault::Nothing => {
            next.run(request).await;
            state.stopped().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Fault::CheckoutUrl(url) => with_checkout_url(next.run(request).await, url).await,
    }
}

/// Creates an error response with one of Kelviq's JSON formats.
fn error(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = status.canonical_reason().unwrap_or("Error");
    let body = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => json!({"detail": message}),
        _ => json!({"status": "error", "message": message}),
    };
    (status, Json(body)).into_response()
}

/// Sends the first half of the body with the `Content-Length` of the whole, then breaks the connection.
async fn cut_in_half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = read(body).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    // Unlike `Full`, a channel has no size hint, which would contradict the header.
    let (mut sender, half) = Channel::new(1);
    let sent = sender.send_data(body.slice(..body.len() / 2)).await;
    drop(sender);
    let half = half.with_trailers(async move {
        // When a body fails, hyper discards data that it has not flushed. It flushes while the body is pending, so yield
        // once before the error.
        tokio::task::yield_now().await;
        Some(Err(match sent {
            Ok(()) => io::Error::other("cut in half by Fault::HalfBody"),
            Err(error) => io::Error::other(error),
        }))
    });
    Response::from_parts(parts, Body::new(half))
}

async fn with_checkout_url(response: Response, url: String) -> Response {
    let (parts, body) = response.into_parts();
    let body = read(body).await;
    match serde_json::from_slice::<Value>(&body) {
        Ok(mut json) if json["checkoutUrl"].is_string() => {
            json["checkoutUrl"] = url.into();
            (parts.status, Json(json)).into_response()
        }
        _ => Response::from_parts(parts, body.into()),
    }
}

/// Reads a body of the fake's own handlers. These are in memory, so reading cannot fail.
async fn read(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}
