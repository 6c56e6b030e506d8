//! Handling a verified event once.

use std::{error::Error, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use kelviq_core::VerifiedEvent;
use tokio::{
    task::{JoinError, JoinHandle},
    time::Instant,
};

use super::{
    after_handler::AfterHandler,
    claims::{Claims, claim_id_of},
    handling::Handling,
    inbox::{Claim, ClaimToken, Inbox},
    inbox_call::{InboxError, call_inbox},
};
use crate::metrics;

/// Maximum duration of a handler, as a multiple of the lease. The claim then ends, so that the event can be handled again.
const MAX_LEASES: u32 = 3;

/// Claims an event and runs the handler, unless the event has been handled or another request is handling it.
///
/// This must run in a separate task, so that a client that disconnects cannot interrupt it between claim and completion.
pub(super) async fn claim_and_handle<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    event: VerifiedEvent,
    handle: impl FnOnce(Handling) -> JoinHandle<Response>,
) -> Response {
    match claim(&inbox, &event).await {
        Ok(Claim::Acquired(token)) => handle_claimed(inbox, after, event, token, handle).await,
        other => without_handler(&event, other),
    }
}

/// Claims the checkout of an event that is already claimed, if it has one, and runs the handler.
pub(super) async fn handle_claimed<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    event: VerifiedEvent,
    token: ClaimToken,
    handle: impl FnOnce(Handling) -> JoinHandle<Response>,
) -> Response {
    let claimed = Instant::now();
    let mut claims = Claims {
        event: token,
        checkout: None,
    };
    if let Some(id) = claim_id_of(&event) {
        match claim(&inbox, &event.with_claim_id(id)).await {
            Ok(Claim::Acquired(token)) => claims.checkout = Some(token),
            Ok(Claim::Handled) => {
                tracing::info!(
                    "webhook not handled again: another event announced the same checkout"
                );
                metrics::webhook_duplicate(&event);
                complete(&inbox, &claims.event).await;
                return StatusCode::OK.into_response();
            }
            other => {
                let retry_after = match other {
                    Ok(Claim::InProgress { retry_after }) => retry_after,
                    _ => Duration::ZERO,
                };
                postpone(&inbox, after, &claims.event, retry_after).await;
                return without_handler(&event, other);
            }
        }
    }
    let handling = Handling::new(inbox.clone(), claims);
    let handler = handle(handling.clone());
    finish(inbox, after, event, handling, claimed, handler)
        .await
        .into_response()
}

async fn claim<I: Inbox>(inbox: &I, event: &VerifiedEvent) -> Result<Claim, InboxError<I::Error>> {
    let (inbox, event) = (inbox.clone(), event.clone());
    call_inbox::<I, _>(async move { inbox.claim(&event).await }).await
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

/// Renews the claims until the handler ends, then completes or ends them.
async fn finish<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    event: VerifiedEvent,
    handling: Handling,
    claimed: Instant,
    mut handler: JoinHandle<Response>,
) -> StatusCode {
    let claims = &handling.claims;
    let started = Instant::now();
    let result = tokio::select! {
        // If several branches are ready, the handler's result takes precedence.
        biased;
        result = &mut handler => Some(result),
        () = keep_renewing(&inbox, &handling, claimed) => None,
        () = tokio::time::sleep(I::LEASE * MAX_LEASES) => abort::<I>(&mut handler).await,
    };
    let Some(result) = result else {
        // The handler still runs. Keep the claims until they expire, so that no other request handles the event yet.
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    metrics::handler_ended(started.elapsed());
    let failure = match (failure(result), recorded(&inbox, &event, &handling).await) {
        (None, Recorded::No) => {
            tracing::info!("webhook handled");
            metrics::webhook_handled(&event);
            after.handled(&event).await;
            for token in claims.inner_first() {
                complete(&inbox, token).await;
            }
            return StatusCode::OK;
        }
        (None, Recorded::Committed) => {
            tracing::info!("webhook handled");
            metrics::webhook_handled(&event);
            after.handled(&event).await;
            return StatusCode::OK;
        }
        (Some(failure), Recorded::Committed) => {
            tracing::error!("webhook recorded as handled, but answered with 500: {failure}");
            metrics::webhook_handled(&event);
            after.handled(&event).await;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        (_, Recorded::Unknown) => {
            // The transaction may have been committed, and the event is then not handled again.
            after.handled(&event).await;
            // If it was not committed, the event is handled again when its claims expire.
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        (None, Recorded::RolledBack) => {
            let failure = "the transaction that recorded the event was not committed";
            tracing::error!("webhook handler failed: {failure}");
            failure.to_owned()
        }
        (Some(failure), Recorded::No | Recorded::RolledBack) => failure,
    };
    metrics::webhook_failed(&event);
    if let Some(checkout) = &claims.checkout {
        release(&inbox, checkout).await;
    }
    fail(&inbox, after, &claims.event, failure).await;
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Whether a handler recorded the event in its own transaction.
enum Recorded {
    No,
    Committed,
    RolledBack,
    Unknown,
}

/// Finds out whether the transaction in which the handler recorded the event was committed, which only the store knows.
async fn recorded<I: Inbox>(inbox: &I, event: &VerifiedEvent, handling: &Handling) -> Recorded {
    if !handling.is_recorded() {
        return Recorded::No;
    }
    match claim(inbox, event).await {
        Ok(Claim::Handled) => Recorded::Committed,
        Ok(Claim::InProgress { .. }) => Recorded::RolledBack,
        Ok(Claim::Acquired(token)) => {
            release(inbox, &token).await;
            Recorded::RolledBack
        }
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(
                error,
                "the store could not be asked whether the handler's transaction was committed"
            );
            Recorded::Unknown
        }
    }
}

/// Logs and returns the reason if the handler failed.
fn failure(result: Result<Response, JoinError>) -> Option<String> {
    match result {
        Ok(response) if response.status().is_success() => None,
        Ok(response) => {
            let status = response.status();
            tracing::error!(status = status.as_u16(), "webhook handler failed");
            Some(format!("the handler responded with {status}"))
        }
        Err(error) => {
            tracing::error!(%error, "webhook handler failed");
            let reason = if error.is_panic() {
                "the handler panicked"
            } else {
                "the handler took too long"
            };
            Some(reason.into())
        }
    }
}

/// Aborts the handler, which takes effect at its next await point, and waits for its result. Returns `None` if it does not
/// stop. The result may also be the handler's response, if it ends in time.
async fn abort<I: Inbox>(
    handler: &mut JoinHandle<Response>,
) -> Option<Result<Response, JoinError>> {
    let seconds = (I::LEASE * MAX_LEASES).as_secs();
    tracing::error!(seconds, "webhook handler aborted: it took too long");
    handler.abort();
    let result = tokio::time::timeout(I::LEASE / 3, handler).await;
    if result.is_err() {
        tracing::error!("webhook handler could not be aborted: it blocks its thread");
    }
    result.ok()
}

/// Renews the claims periodically. Never completes.
async fn keep_renewing<I: Inbox>(inbox: &I, handling: &Handling, claimed: Instant) {
    let claims = &handling.claims;
    let mut pause = (I::LEASE / 3).saturating_sub(claimed.elapsed());
    loop {
        tokio::time::sleep(pause).await;
        tracing::warn!("webhook handler is still running");
        if handling.is_recorded() {
            // The handler's transaction has locked the claims, so a renewal would wait for its end.
            pause = I::LEASE / 3;
            continue;
        }
        // At the same time, so that a claim does not expire while the renewal of the other hangs.
        let renewed = tokio::join!(
            renew(inbox, Some(&claims.event)),
            renew(inbox, claims.checkout.as_ref())
        );
        // A failed renewal is tried again before the lease ends: a database can be busy for some seconds.
        pause = match renewed {
            (true, true) => I::LEASE / 3,
            _ => I::LEASE / 15,
        };
    }
}

/// Renews a claim. Returns `false` if it should be tried again.
async fn renew<I: Inbox>(inbox: &I, token: Option<&ClaimToken>) -> bool {
    let Some(token) = token.cloned() else {
        return true;
    };
    let inbox = inbox.clone();
    match call_inbox::<I, _>(async move { inbox.renew(&token).await }).await {
        Ok(true) => true,
        Ok(false) => {
            tracing::error!("the claim was lost while the webhook handler is running");
            true
        }
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the claim could not be renewed");
            false
        }
    }
}

/// Records the event, or its checkout, as handled. Tries twice, because the next delivery would otherwise repeat the work.
async fn complete<I: Inbox>(inbox: &I, token: &ClaimToken) {
    for last in [false, true] {
        let (inbox, token) = (inbox.clone(), token.clone());
        match call_inbox::<I, _>(async move { inbox.complete(&token).await }).await {
            Ok(true) => return,
            Ok(false) => {
                tracing::error!(
                    "the claim was lost before completion; the event may have been handled twice"
                );
                return;
            }
            Err(error) => {
                let error = &error as &dyn Error;
                tracing::error!(
                    error,
                    last,
                    "the event was handled but could not be recorded"
                );
            }
        }
    }
}

async fn release<I: Inbox>(inbox: &I, token: &ClaimToken) {
    let (inbox, token) = (inbox.clone(), token.clone());
    log_unreleased(call_inbox::<I, _>(async move { inbox.release(&token).await }).await);
}

async fn fail<I: Inbox>(
    inbox: &I,
    after: impl AfterHandler<I>,
    token: &ClaimToken,
    reason: String,
) {
    let (inbox, token) = (inbox.clone(), token.clone());
    let fail = async move { after.failed(&inbox, &token, &reason).await };
    log_unreleased(call_inbox::<I, _>(fail).await);
}

async fn postpone<I: Inbox>(
    inbox: &I,
    after: impl AfterHandler<I>,
    token: &ClaimToken,
    retry_after: Duration,
) {
    let (inbox, token) = (inbox.clone(), token.clone());
    let postpone = async move { after.postponed(&inbox, &token, retry_after).await };
    log_unreleased(call_inbox::<I, _>(postpone).await);
}

fn log_unreleased<E: Error + 'static>(result: Result<(), InboxError<E>>) {
    if let Err(error) = result {
        let error = &error as &dyn Error;
        tracing::error!(error, "the claim could not be released; it will expire");
    }
}
