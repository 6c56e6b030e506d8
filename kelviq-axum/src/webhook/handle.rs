//! From a verified event to the status that says what became of it.

use std::{error::Error, fmt, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use kelviq_core::VerifiedEvent;
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

use super::{Claim, ClaimToken, Inbox};

/// A handler that works for longer than this many leases is stopped, so that Kelviq's last retry can still find the
/// event free.
const LEASES: u32 = 3;

/// Runs the handler, unless the event has been handled or is being handled.
///
/// All of it runs in a task of its own: neither a claim nor its end may depend on the caller's patience.
pub(super) async fn handle_once<I: Inbox>(
    inbox: I,
    event: VerifiedEvent,
    handle: impl FnOnce(ClaimToken) -> JoinHandle<Response> + Send + 'static,
) -> Response {
    let span =
        tracing::info_span!("webhook", event_id = event.id(), event_type = %event.event_type());
    let work = tokio::spawn(claim_and_handle(inbox, event, handle).instrument(span));
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "the webhook was not handled");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

async fn claim_and_handle<I: Inbox>(
    inbox: I,
    event: VerifiedEvent,
    handle: impl FnOnce(ClaimToken) -> JoinHandle<Response>,
) -> Response {
    match in_time::<I, _>(inbox.claim(&event)).await {
        Ok(Claim::Acquired(token)) => {
            let status = run(inbox, token.clone(), handle(token)).await;
            status.into_response()
        }
        Ok(Claim::Handled) => {
            tracing::debug!("handled before");
            StatusCode::OK.into_response()
        }
        Ok(Claim::InProgress { retry_after }) => {
            tracing::info!("being handled by another request");
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            (StatusCode::CONFLICT, [(RETRY_AFTER, seconds)]).into_response()
        }
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the inbox did not give a claim");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Waits for the handler, renewing the claim meanwhile, then completes or releases it.
async fn run<I: Inbox>(
    inbox: I,
    token: ClaimToken,
    mut handler: JoinHandle<Response>,
) -> StatusCode {
    let outcome = tokio::select! {
        outcome = &mut handler => Outcome::Ended(outcome),
        () = renew_for_ever(&inbox, &token) => Outcome::TooLong,
        () = tokio::time::sleep(I::LEASE * LEASES) => Outcome::TooLong,
    };
    match outcome {
        Outcome::Ended(Ok(response)) if response.status().is_success() => {
            tracing::info!("webhook handled");
            complete(inbox, token).await;
            return StatusCode::OK;
        }
        Outcome::Ended(Ok(response)) => {
            let status = response.status().as_u16();
            tracing::error!(status, "the webhook handler failed");
        }
        Outcome::Ended(Err(error)) => tracing::error!(%error, "the webhook handler failed"),
        Outcome::TooLong => {
            handler.abort();
            let seconds = (I::LEASE * LEASES).as_secs();
            tracing::error!(seconds, "the webhook handler did not end and was stopped");
        }
    }
    if let Err(error) = in_time::<I, _>(inbox.release(&token)).await {
        let error = &error as &dyn Error;
        tracing::error!(error, "the claim was not released; it runs out by itself");
    }
    StatusCode::INTERNAL_SERVER_ERROR
}

enum Outcome {
    Ended(Result<Response, JoinError>),
    TooLong,
}

async fn renew_for_ever<I: Inbox>(inbox: &I, token: &ClaimToken) {
    loop {
        tokio::time::sleep(I::LEASE / 3).await;
        match in_time::<I, _>(inbox.renew(token)).await {
            Ok(true) => tracing::warn!("the webhook handler is still at work"),
            Ok(false) => tracing::error!("the claim was lost while the handler is at work"),
            Err(error) => {
                let error = &error as &dyn Error;
                tracing::error!(error, "the claim was not renewed");
            }
        }
    }
}

/// Records the end of the work. Whatever happens here, another delivery would only repeat the work.
async fn complete<I: Inbox>(inbox: I, token: ClaimToken) {
    let complete = async move { in_time::<I, _>(inbox.complete(&token)).await };
    match tokio::spawn(complete).await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => tracing::error!(
            "the claim was lost before the end: the event may have been handled twice"
        ),
        Ok(Err(error)) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the event was handled but not recorded");
        }
        Err(error) => tracing::error!(%error, "the event was handled but not recorded"),
    }
}

/// The inbox's answer, if it comes in time.
async fn in_time<I: Inbox, T>(
    answer: impl Future<Output = Result<T, I::Error>>,
) -> Result<T, InboxError<I::Error>> {
    let patience: Duration = I::LEASE / 3;
    match tokio::time::timeout(patience, answer).await {
        Ok(answer) => answer.map_err(InboxError::Failed),
        Err(_) => Err(InboxError::TookTooLong),
    }
}

#[derive(Debug)]
enum InboxError<E> {
    Failed(E),
    TookTooLong,
}

impl<E: fmt::Display> fmt::Display for InboxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::TookTooLong => f.write_str("the inbox did not answer in time"),
        }
    }
}

impl<E: Error + 'static> Error for InboxError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::TookTooLong => None,
        }
    }
}
