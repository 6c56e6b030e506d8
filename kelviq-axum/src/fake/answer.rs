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
/// [`answer_next`](super::FakeKelviq::answer_next) and [`answer_always`](super::FakeKelviq::answer_always).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// As the documentation says.
    #[default]
    Normal,
    /// This error status, with a sentence in JSON; 500 when the number is no HTTP status. Nothing is created.
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
    next: VecDeque<Answer>,
    always: Answer,
}

impl Answers {
    pub(super) fn push_next(&mut self, answer: Answer) {
        self.next.push_back(answer);
    }

    pub(super) fn set_always(&mut self, answer: Answer) {
        self.always = answer;
    }

    fn take(&mut self) -> Answer {
        self.next.pop_front().unwrap_or_else(|| self.always.clone())
    }
}

/// Answers in the way that was asked for, instead of or after the normal one.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let answer = lock(&shared.answers).take();
    match answer {
        Answer::Normal => next.run(request).await,
        Answer::Error(status) => error(status),
        Answer::TooManyRequests { retry_after } => {
            let mut response = error(429);
            let seconds = retry_after.as_secs().into();
            response.headers_mut().insert(RETRY_AFTER, seconds);
            response
        }
        Answer::Html => {
            let page = "<!doctype html><title>502</title><h1>502 Bad Gateway</h1>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
        Answer::Redirect => {
            let location = format!("{}/elsewhere/", shared.origin);
            (StatusCode::FOUND, [(LOCATION, location)]).into_response()
        }
        Answer::HalfBody => cut(next.run(request).await).await,
        Answer::Nothing => {
            next.run(request).await;
            shared.stopped().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Answer::CheckoutUrl(url) => with_checkout_url(next.run(request).await, url).await,
    }
}

/// An error in one of the shapes that Kelviq's have.
fn error(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let sentence = status.canonical_reason().unwrap_or("Error");
    let body = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => json!({"detail": sentence}),
        _ => json!({"status": "error", "message": sentence}),
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
