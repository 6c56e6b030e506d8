//! The webhook route: verify, claim, handle, and answer by what became of it.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::{VerifiedEvent, WebhookVerifier};
use tokio::task::JoinHandle;

use super::{
    Claim, ClaimToken, Inbox,
    event::Claimed,
    extract::{read, verify},
};

/// Far more than any event has.
const MAX_BODY: usize = 1024 * 1024;

/// A route for Kelviq's webhooks: verifies each delivery, hands each event to `on_event` once, and answers so that
/// Kelviq tries again when, and only when, that can help.
///
/// `on_event` is an ordinary axum handler; [`Event`](super::Event) is one of its extractors. A response of 2xx means that
/// the event has been handled; anything else, a panic too, that it has to come again.
///
/// ```
/// use axum::{Router, http::StatusCode};
/// use kelviq_axum::{
///     Event, MemoryInbox,
///     kelviq_core::{EventData, WebhookSecret},
///     webhook,
/// };
///
/// async fn on_event(event: Event) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         let metadata = session.metadata.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
///         println!("fulfil {:?}", metadata.keys().collect::<Vec<_>>());
///     }
///     Ok(())
/// }
///
/// # fn main() -> Result<(), kelviq_axum::kelviq_core::Error> {
/// let secret = WebhookSecret::new("kq_whsec_test")?;
/// let app: Router = Router::new().route("/webhooks/kelviq", webhook(secret, MemoryInbox::default(), on_event));
/// # Ok(())
/// # }
/// ```
///
/// | outcome | status |
/// |---|---|
/// | handled; handled before | 200 |
/// | being handled by another request | 409 with `Retry-After` |
/// | the handler failed, or the inbox did | 500 |
/// | headers missing or malformed; signed, but not an event | 400 |
/// | signature wrong; timestamp outside the tolerance | 401 |
/// | body over 1 MiB | 413 |
///
/// The handler runs to its end also when the caller hangs up. Unknown types of events reach it as well: let it answer
/// 2xx to what it does not care for.
///
/// `verifier` is a [`WebhookSecret`](kelviq_core::WebhookSecret), or a [`WebhookVerifier`] with a tolerance or secrets
/// of its own.
pub fn webhook<H, T, S, I>(
    verifier: impl Into<WebhookVerifier>,
    inbox: I,
    on_event: H,
) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
    I: Inbox,
{
    let verifier = verifier.into();
    let receive = async move |State(state): State<S>, request: Request| {
        let (parts, body) = request.into_parts();
        let body = match read(Request::from_parts(parts.clone(), body)).await {
            Ok(body) => body,
            Err(rejection) => return rejection.into_response(),
        };
        let event = match verify(&verifier, &parts.headers, &body) {
            Ok(event) => event,
            Err(rejection) => return rejection.into_response(),
        };
        let mut request = Request::from_parts(parts, Body::from(body));
        request.extensions_mut().insert(Claimed(event.clone()));
        handle_once(&inbox, event, || {
            tokio::spawn(on_event.call(request, state))
        })
        .await
    };
    post(receive).layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Runs the handler unless the event has been handled or is being handled.
async fn handle_once<I: Inbox>(
    inbox: &I,
    event: VerifiedEvent,
    handle: impl FnOnce() -> JoinHandle<Response>,
) -> Response {
    match inbox.claim(&event).await {
        Ok(Claim::Acquired(token)) => {
            // A task of its own: the end of a claim must not depend on the caller's patience.
            let end = tokio::spawn(end_claim(inbox.clone(), event, token, handle()));
            end.await
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response()
        }
        Ok(Claim::Handled) => {
            tracing::debug!(event_id = event.id(), "handled before");
            StatusCode::OK.into_response()
        }
        Ok(Claim::InProgress { retry_after }) => {
            tracing::debug!(event_id = event.id(), "being handled");
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            (StatusCode::CONFLICT, [(RETRY_AFTER, seconds)]).into_response()
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(event_id = event.id(), error, "the inbox did not answer");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Waits for the handler, renewing the claim meanwhile, then completes or releases it.
async fn end_claim<I: Inbox>(
    inbox: I,
    event: VerifiedEvent,
    token: ClaimToken,
    mut handler: JoinHandle<Response>,
) -> StatusCode {
    let (event_id, event_type) = (event.id(), event.event_type().as_str());
    let outcome = loop {
        match tokio::time::timeout(renewal_period::<I>(), &mut handler).await {
            Ok(outcome) => break outcome,
            Err(_) => log_failure(
                inbox.renew(&token).await,
                event_id,
                "the claim was not renewed",
            ),
        }
    };
    let failure = match outcome {
        Ok(response) if response.status().is_success() => None,
        Ok(response) => Some(format!("it answered {}", response.status())),
        Err(error) if error.is_panic() => Some("it panicked".to_owned()),
        Err(_) => Some("it was cancelled".to_owned()),
    };
    if let Some(failure) = failure {
        tracing::error!(
            event_id,
            event_type,
            failure,
            "the webhook handler failed; Kelviq will try again"
        );
        log_failure(
            inbox.release(&token).await,
            event_id,
            "the claim was not released",
        );
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    tracing::info!(event_id, event_type, "webhook handled");
    // The work is done: another delivery would only repeat it.
    log_failure(
        inbox.complete(&token).await,
        event_id,
        "the event was handled but not recorded",
    );
    StatusCode::OK
}

fn renewal_period<I: Inbox>() -> Duration {
    I::LEASE / 3
}

fn log_failure<E: std::error::Error + 'static>(
    result: Result<(), E>,
    event_id: &str,
    what: &'static str,
) {
    if let Err(error) = result {
        let error = &error as &dyn std::error::Error;
        tracing::error!(event_id, error, "{what}");
    }
}
