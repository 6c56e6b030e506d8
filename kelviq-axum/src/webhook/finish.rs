//! The end of a handler, and what follows.

use std::error::Error;

use axum::{http::StatusCode, response::Response};
use futures_util::future::OptionFuture;
use kelviq_core::VerifiedEvent;
use tokio::{
    task::{JoinError, JoinHandle},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    after_handler::AfterHandler,
    handling::Handling,
    inbox::{Claim, Inbox},
    inbox_claims::{claim, complete, fail, release, renew},
    received_event::ReceivedEvent,
};
use crate::metrics;

/// Maximum duration of a handler, as a multiple of the lease. The claim then ends, so that the event can be handled again.
const MAX_LEASES: u32 = 3;

/// Renews the claims until the handler ends, then completes or ends them.
pub(super) async fn finish<I: Inbox>(
    inbox: I,
    after: impl AfterHandler<I>,
    received: ReceivedEvent,
    handling: Handling,
    claimed: Instant,
    mut handler: JoinHandle<Response>,
) -> StatusCode {
    let claims = handling.claims();
    let started = Instant::now();
    let renew_after = (I::LEASE / 3).saturating_sub(claimed.elapsed());
    // Most handlers end before the first renewal, and need one timer only.
    let result = if let Ok(result) = timeout(renew_after, &mut handler).await {
        Some(result)
    } else {
        tokio::select! {
            // If several branches are ready, the handler's result takes precedence.
            biased;
            result = &mut handler => Some(result),
            () = keep_renewing(&inbox, &handling) => None,
            () = sleep_until(started + I::LEASE * MAX_LEASES) => abort::<I>(&mut handler).await,
        }
    };
    let Some(result) = result else {
        // The handler still runs. Keep the claims until they expire, so that no other request handles the event yet.
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    metrics::handler_ended(started.elapsed());
    let failure = match (
        failure(result),
        recorded(&inbox, &received.event, &handling).await,
    ) {
        (None, Recorded::No) => {
            tracing::info!("webhook handled");
            metrics::webhook_handled(&received.event);
            after.handled(&received).await;
            for token in claims.inner_first() {
                complete(&inbox, token).await;
            }
            return StatusCode::OK;
        }
        (None, Recorded::Committed) => {
            tracing::info!("webhook handled");
            metrics::webhook_handled(&received.event);
            after.handled(&received).await;
            return StatusCode::OK;
        }
        (Some(failure), Recorded::Committed) => {
            tracing::error!("webhook recorded as handled, but answered with 500: {failure}");
            metrics::webhook_handled(&received.event);
            after.handled(&received).await;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        (_, Recorded::Unknown) => {
            // The transaction may have been committed, and the event is then not handled again.
            after.handled(&received).await;
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
    metrics::webhook_failed(&received.event);
    if let Some(checkout) = &claims.checkout {
        release(&inbox, checkout).await;
    }
    fail(&inbox, after, &claims.event, &failure).await;
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
    let result = timeout(I::LEASE / 3, handler).await;
    if result.is_err() {
        tracing::error!("webhook handler could not be aborted: it blocks its thread");
    }
    result.ok()
}

/// Renews the claims periodically. Never completes.
async fn keep_renewing<I: Inbox>(inbox: &I, handling: &Handling) {
    let claims = handling.claims();
    loop {
        tracing::warn!("webhook handler is still running");
        if handling.is_recorded() {
            // The handler's transaction has locked the claims, so a renewal would wait for its end.
            sleep(I::LEASE / 3).await;
            continue;
        }
        // At the same time, so that a claim does not expire while the renewal of the other hangs.
        let renewed = tokio::join!(
            renew(inbox, &claims.event),
            OptionFuture::from(
                claims
                    .checkout
                    .as_ref()
                    .map(|checkout| renew(inbox, checkout))
            )
        );
        // A failed renewal is tried again before the lease ends: a database can be busy for some seconds.
        sleep(match renewed {
            (true, None | Some(true)) => I::LEASE / 3,
            _ => I::LEASE / 15,
        })
        .await;
    }
}
