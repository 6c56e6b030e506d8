//! Answers that Kelviq, or what stands before it, gives on a bad day.

use std::{collections::VecDeque, sync::Arc, time::Duration};

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
use http_body_util::channel::Channel;
use serde_json::{Value, json};

use super::shared::{Shared, lock};

/// How [`FakeKelviq`](super::FakeKelviq) answers an API request; see
/// [`inject_next`](super::FakeKelviq::inject_next) and [`inject_always`](super::FakeKelviq::inject_always).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// As the documentation says.
    #[default]
    Normal,
    /// This error status, with a message in JSON; 500 when the number is no HTTP status. Nothing is created.
    Error(u16),
    /// 429, with this `Retry-After` in whole seconds. Nothing is created.
    TooManyRequests {
        /// How long to wait.
        retry_after: Duration,
    },
    /// 502 with an HTML page, as a proxy writes it. Nothing is created.
    Html,
    /// 302 to another address. Nothing is created.
    Redirect,
    /// Half of the normal answer, then the connection breaks. The session is created.
    HalfBody,
    /// Nothing at all, while the connection stays open. The session is created.
    Nothing,
    /// The normal answer, but with this text as the `checkoutUrl`. The session is created.
    CheckoutUrl(String),
}

/// The answers to come.
#[derive(Default)]
pub(super) struct Answers {
    next: VecDeque<Fault>,
    always: Fault,
}

impl Answers {
    pub(super) fn push_next(&mut self, answer: Fault) {
        self.next.push_back(answer);
    }

    pub(super) fn set_always(&mut self, answer: Fault) {
        self.always = answer;
    }

    fn take(&mut self) -> Fault {
        self.next.pop_front().unwrap_or_else(|| self.always.clone())
    }
}

/// Answers in the way that was asked for, instead of or after the normal one.
pub(super) async fn inject(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let answer = lock(&shared.answers).take();
    match answer {
        Fault::Normal => next.run(request).await,
        Fault::Error(status) => error(status),
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
            let location = format!("{}/elsewhere/", shared.origin);
            (StatusCode::FOUND, [(LOCATION, location)]).into_response()
        }
        Fault::HalfBody => cut(next.run(request).await).await,
        Fault::Nothing => {
            next.run(request).await;
            shared.stopped().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Fault::CheckoutUrl(url) => with_checkout_url(next.run(request).await, url).await,
    }
}

/// An error in one of the shapes that Kelviq's have.
fn error(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = status.canonical_reason().unwrap_or("Error");
    let body = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => json!({"detail": message}),
        _ => json!({"status": "error", "message": message}),
    };
    (status, Json(body)).into_response()
}

/// The first half of the body under the length of the whole.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = read(body).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let (mut sender, half) = Channel::new(1);
    tokio::spawn(async move {
        let sent = sender.send_data(body.slice(..body.len() / 2)).await;
        // A body that breaks at once would take what is not on the wire yet with it.
        tokio::time::sleep(Duration::from_millis(20)).await;
        if sent.is_ok() {
            sender.abort("cut off on purpose");
        }
    });
    Response::from_parts(parts, Body::new(half))
}

async fn with_checkout_url(response: Response, url: String) -> Response {
    if response.status() != StatusCode::CREATED {
        return response;
    }
    let body = read(response.into_body()).await;
    let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
    body["checkoutUrl"] = url.into();
    (StatusCode::CREATED, Json(body)).into_response()
}

/// The server's own answers are in memory, so reading them does not fail.
async fn read(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}
