//! Handling a verified event once.

use std::{error::Error, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use kelviq_core::VerifiedEvent;
use tokio::{task::JoinHandle, time::Instant};

use super::{
    after_handler::AfterHandler,
    claims::{Claims, claim_id_of},
    finish::finish,
    handling::Handling,
    inbox::{Claim, ClaimToken, Inbox},
    inbox_call::InboxError,
    inbox_claims::{claim, complete, postpone},
    received_event::ReceivedEvent,
};
use crate::metrics;

/// Claims an event and runs the handler, unless the event has been handled or another request is handling it.
///
/// This must run to its end, so that a client that disconnects cannot interrupt it between claim and completion.
pub(super) async fn claim_and_handle<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    received: ReceivedEvent,
    handle: impl FnOnce(Handling) -> JoinHandle<Response>,
) -> Response {
    match claim(&inbox, &received.event).await {
        Ok(Claim::Acquired(token)) => handle_claimed(inbox, after, received, token, handle).await,
        other => without_handler(&received.event, other),
    }
}

/// Claims the checkout of an event that is already claimed, if it has one, and runs the handler.
pub(super) async fn handle_claimed<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    received: ReceivedEvent,
    token: ClaimToken,
    handle: impl FnOnce(Handling) -> JoinHandle<Response>,
) -> Response {
    let claimed = Instant::now();
    let mut claims = Claims {
        event: token,
        checkout: None,
    };
    let event = &received.event;
    let checkout = received.checkout.as_ref();
    if let Some(id) = checkout.and_then(|checkout| claim_id_of(&checkout.key)) {
        match claim(&inbox, &event.with_claim_id(id)).await {
            Ok(Claim::Acquired(token)) => claims.checkout = Some(token),
            Ok(Claim::Handled) => {
                tracing::info!(
                    "webhook not handled again: another event announced the same checkout"
                );
                metrics::webhook_duplicate(event);
                complete(&inbox, &claims.event).await;
                return StatusCode::OK.into_response();
            }
            other => {
                let retry_after = match other {
                    Ok(Claim::InProgress { retry_after }) => retry_after,
                    _ => Duration::ZERO,
                };
                postpone(&inbox, after, &claims.event, retry_after).await;
                return without_handler(event, other);
            }
        }
    }
    let handling = Handling::new(inbox.clone(), claims);
    let handler = handle(handling.clone());
    finish(inbox, after, received, handling, claimed, handler)
        .await
        .into_response()
}

/// Returns the response to a delivery for which a claim was not acquired.
fn without_handler<E: Error + 'static>(
    event: &VerifiedEvent,
    claim: Result<Claim, InboxError<E>>,
) -> Response {
    match claim {
        Ok(Claim::InProgress { retry_after }) => {
            tracing::info!("webhook is being handled by another request");
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            (StatusCode::CONFLICT, [(RETRY_AFTER, seconds)]).into_response()
        }
        Ok(Claim::Acquired(_) | Claim::Handled) => {
            tracing::debug!("webhook already handled");
            metrics::webhook_duplicate(event);
            StatusCode::OK.into_response()
        }
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the inbox could not claim the event");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
