//! The calls of an inbox for one claim. Their failures are logged.

use std::{error::Error, time::Duration};

use kelviq_core::VerifiedEvent;

use super::{
    after_handler::AfterHandler,
    inbox::{Claim, ClaimToken, Inbox},
    inbox_call::{InboxError, call_inbox},
};

/// Claims an event.
pub(super) async fn claim<I: Inbox>(
    inbox: &I,
    event: &VerifiedEvent,
) -> Result<Claim, InboxError<I::Error>> {
    call_inbox::<I, _>(async { inbox.claim(event).await }).await
}

/// Renews a claim. Returns `false` if it should be tried again.
pub(super) async fn renew<I: Inbox>(inbox: &I, token: &ClaimToken) -> bool {
    match call_inbox::<I, _>(async { inbox.renew(token).await }).await {
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
pub(super) async fn complete<I: Inbox>(inbox: &I, token: &ClaimToken) {
    for last in [false, true] {
        match call_inbox::<I, _>(async { inbox.complete(token).await }).await {
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

pub(super) async fn release<I: Inbox>(inbox: &I, token: &ClaimToken) {
    log_unreleased(call_inbox::<I, _>(async { inbox.release(token).await }).await);
}

pub(super) async fn fail<I: Inbox>(
    inbox: &I,
    after: impl AfterHandler<I>,
    token: &ClaimToken,
    reason: &str,
) {
    let fail = async { after.failed(inbox, token, reason).await };
    log_unreleased(call_inbox::<I, _>(fail).await);
}

pub(super) async fn postpone<I: Inbox>(
    inbox: &I,
    after: impl AfterHandler<I>,
    token: &ClaimToken,
    retry_after: Duration,
) {
    let postpone = async { after.postponed(inbox, token, retry_after).await };
    log_unreleased(call_inbox::<I, _>(postpone).await);
}

fn log_unreleased<E: Error + 'static>(result: Result<(), InboxError<E>>) {
    if let Err(error) = result {
        let error = &error as &dyn Error;
        tracing::error!(error, "the claim could not be released; it will expire");
    }
}
