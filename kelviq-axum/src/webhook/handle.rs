//! From a verified event to the status that says what became of it.

use std::{error::Error, fmt};

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
    let claim = {
        let inbox = inbox.clone();
        async move { inbox.claim(&event).await }
    };
    match ask::<I, _>(claim).await {
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
    let ended = tokio::select! {
        // A handler that has ended has ended, however late it is noticed.
        biased;
        ended = &mut handler => Some(ended),
        () = renew_for_ever(&inbox, &token) => None,
        () = tokio::time::sleep(I::LEASE * LEASES) => stop::<I>(&mut handler).await,
    };
    let Some(ended) = ended else {
        // Still at work, and out of reach: nobody else may have the event before the lease runs out.
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    match ended {
        Ok(response) if response.status().is_success() => {
            tracing::info!("webhook handled");
            complete(inbox, token).await;
            return StatusCode::OK;
        }
        Ok(response) => {
            let status = response.status().as_u16();
            tracing::error!(status, "the webhook handler failed");
        }
        Err(error) => tracing::error!(%error, "the webhook handler failed"),
    }
    let release = async move { inbox.release(&token).await };
    if let Err(error) = ask::<I, _>(release).await {
        let error = &error as &dyn Error;
        tracing::error!(error, "the claim was not released; it runs out by itself");
    }
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Stops the handler and waits until it has stopped, which takes until it next waits for something. It may also end well
/// in that time.
async fn stop<I: Inbox>(handler: &mut JoinHandle<Response>) -> Option<Result<Response, JoinError>> {
    let seconds = (I::LEASE * LEASES).as_secs();
    tracing::error!(seconds, "the webhook handler does not end and is stopped");
    handler.abort();
    let stopped = tokio::time::timeout(I::LEASE / 3, handler).await;
    if stopped.is_err() {
        tracing::error!("the webhook handler cannot be stopped: it blocks its thread");
    }
    stopped.ok()
}

async fn renew_for_ever<I: Inbox>(inbox: &I, token: &ClaimToken) {
    loop {
        tokio::time::sleep(I::LEASE / 3).await;
        let (inbox, token) = (inbox.clone(), token.clone());
        match ask::<I, _>(async move { inbox.renew(&token).await }).await {
            Ok(true) => tracing::warn!("the webhook handler is still at work"),
            Ok(false) => tracing::error!("the claim was lost while the handler is at work"),
            Err(error) => {
                let error = &error as &dyn Error;
                tracing::error!(error, "the claim was not renewed");
            }
        }
    }
}

/// Records the end of the work, with a second try: another delivery would only repeat the work.
async fn complete<I: Inbox>(inbox: I, token: ClaimToken) {
    for last in [false, true] {
        let (inbox, token) = (inbox.clone(), token.clone());
        match ask::<I, _>(async move { inbox.complete(&token).await }).await {
            Ok(true) => return,
            Ok(false) => {
                tracing::error!(
                    "the claim was lost before the end: the event may have been handled twice"
                );
                return;
            }
            Err(error) => {
                let error = &error as &dyn Error;
                tracing::error!(error, last, "the event was handled but not recorded");
            }
        }
    }
}

/// The inbox's answer, if it comes in time. In a task of its own: a panic in the inbox must not end the work.
async fn ask<I: Inbox, T: Send + 'static>(
    question: impl Future<Output = Result<T, I::Error>> + Send + 'static,
) -> Result<T, InboxError<I::Error>> {
    let mut answer = tokio::spawn(question.in_current_span());
    match tokio::time::timeout(I::LEASE / 3, &mut answer).await {
        Ok(Ok(answer)) => answer.map_err(InboxError::Failed),
        Ok(Err(error)) => Err(InboxError::Panicked(error)),
        Err(_) => {
            answer.abort();
            Err(InboxError::TookTooLong)
        }
    }
}

#[derive(Debug)]
enum InboxError<E> {
    Failed(E),
    Panicked(JoinError),
    TookTooLong,
}

impl<E: fmt::Display> fmt::Display for InboxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(error) => write!(f, "the inbox panicked: {error}"),
            Self::TookTooLong => f.write_str("the inbox did not answer in time"),
        }
    }
}

impl<E: Error + 'static> Error for InboxError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::Panicked(_) | Self::TookTooLong => None,
        }
    }
}
