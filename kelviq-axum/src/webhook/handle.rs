//! Handling a verified event once.

use std::{error::Error, fmt};

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use kelviq_core::{EventData, Metadata, VerifiedEvent};
use tokio::task::{JoinError, JoinHandle};
use tracing::{Instrument, field};
use url::Url;

use super::{
    claims::{Claims, checkout_claim_id},
    inbox::{Claim, ClaimToken, Inbox},
};
use crate::reference::Reference;

/// Maximum duration of a handler, as a multiple of the lease. The claim is then released, so that Kelviq's last retry can
/// claim the event.
const MAX_LEASES: u32 = 3;

/// Claims an event and runs the handler, unless the event has been handled or another request is handling it.
///
/// This runs in a separate task, so that a client that disconnects cannot interrupt it between claim and completion.
pub(super) async fn handle_once<I: Inbox>(
    inbox: I,
    event: VerifiedEvent,
    handle: impl FnOnce(Claims) -> JoinHandle<Response> + Send + 'static,
) -> Response {
    let span = event_span(&event);
    let task = tokio::spawn(claim_and_handle(inbox, event, handle).instrument(span));
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "webhook not handled");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// Creates the span of an event's log events. It is enabled at every level, so that the ids are never lost.
///
/// The reference of a checkout comes from its success URL.
fn event_span(event: &VerifiedEvent) -> tracing::Span {
    let span = tracing::error_span!(
        "webhook",
        event_id = event.id(),
        event_type = %event.event_type(),
        session_id = field::Empty,
        reference = field::Empty,
    );
    if let EventData::CheckoutCompleted(session) = event.data::<Metadata>() {
        if session.session_id.is_some() {
            span.record("session_id", session.session_id.as_deref());
        }
        let success_url = session.data.and_then(|data| data.success_url);
        if let Some(reference) = success_url.as_deref().and_then(reference_in) {
            span.record("reference", reference.as_str());
        }
    }
    span
}

/// Returns the reference in the query string of a success URL.
fn reference_in(success_url: &str) -> Option<Reference> {
    let url = Url::parse(success_url).ok()?;
    url.query_pairs()
        .filter(|(name, _)| name == Reference::PARAMETER)
        .find_map(|(_, value)| value.parse().ok())
}

async fn claim_and_handle<I: Inbox>(
    inbox: I,
    event: VerifiedEvent,
    handle: impl FnOnce(Claims) -> JoinHandle<Response>,
) -> Response {
    let checkout = checkout_claim_id(&event).map(|id| event.with_claim_id(id));
    let event = match claim(&inbox, event).await {
        Ok(Claim::Acquired(token)) => token,
        other => return without_handler(other),
    };
    let Some(checkout) = checkout else {
        let claims = Claims {
            event,
            checkout: None,
        };
        return finish(inbox, claims.clone(), handle(claims))
            .await
            .into_response();
    };
    match claim(&inbox, checkout).await {
        Ok(Claim::Acquired(token)) => {
            let claims = Claims {
                event,
                checkout: Some(token),
            };
            finish(inbox, claims.clone(), handle(claims))
                .await
                .into_response()
        }
        Ok(Claim::Handled) => {
            tracing::info!("webhook not handled again: another event announced the same checkout");
            complete(&inbox, &event).await;
            StatusCode::OK.into_response()
        }
        other => {
            release(&inbox, &event).await;
            without_handler(other)
        }
    }
}

async fn claim<I: Inbox>(inbox: &I, event: VerifiedEvent) -> Result<Claim, InboxError<I::Error>> {
    let inbox = inbox.clone();
    call_inbox::<I, _>(async move { inbox.claim(&event).await }).await
}

/// Returns the response to a delivery for which a claim was not acquired.
fn without_handler<E: Error + 'static>(claim: Result<Claim, InboxError<E>>) -> Response {
    match claim {
        Ok(Claim::InProgress { retry_after }) => {
            tracing::info!("webhook is being handled by another request");
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            (StatusCode::CONFLICT, [(RETRY_AFTER, seconds)]).into_response()
        }
        Ok(Claim::Acquired(_) | Claim::Handled) => {
            tracing::debug!("webhook already handled");
            StatusCode::OK.into_response()
        }
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the inbox could not claim the event");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Renews the claims until the handler ends, then completes or releases them.
async fn finish<I: Inbox>(
    inbox: I,
    claims: Claims,
    mut handler: JoinHandle<Response>,
) -> StatusCode {
    let result = tokio::select! {
        // If several branches are ready, the handler's result takes precedence.
        biased;
        result = &mut handler => Some(result),
        () = keep_renewing(&inbox, &claims) => None,
        () = tokio::time::sleep(I::LEASE * MAX_LEASES) => abort::<I>(&mut handler).await,
    };
    let Some(result) = result else {
        // The handler still runs. Keep the claims until they expire, so that no other request handles the event yet.
        return StatusCode::INTERNAL_SERVER_ERROR;
    };
    match result {
        Ok(response) if response.status().is_success() => {
            tracing::info!("webhook handled");
            for token in claims.inner_first() {
                complete(&inbox, token).await;
            }
            return StatusCode::OK;
        }
        Ok(response) => {
            let status = response.status().as_u16();
            tracing::error!(status, "webhook handler failed");
        }
        Err(error) => tracing::error!(%error, "webhook handler failed"),
    }
    for token in claims.inner_first() {
        release(&inbox, token).await;
    }
    StatusCode::INTERNAL_SERVER_ERROR
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
async fn keep_renewing<I: Inbox>(inbox: &I, claims: &Claims) {
    loop {
        tokio::time::sleep(I::LEASE / 3).await;
        tracing::warn!("webhook handler is still running");
        // At the same time, so that a claim does not expire while the renewal of the other hangs.
        tokio::join!(
            renew(inbox, Some(&claims.event)),
            renew(inbox, claims.checkout.as_ref())
        );
    }
}

async fn renew<I: Inbox>(inbox: &I, token: Option<&ClaimToken>) {
    let Some(token) = token.cloned() else { return };
    let inbox = inbox.clone();
    match call_inbox::<I, _>(async move { inbox.renew(&token).await }).await {
        Ok(true) => {}
        Ok(false) => tracing::error!("the claim was lost while the webhook handler is running"),
        Err(error) => {
            let error = &error as &dyn Error;
            tracing::error!(error, "the claim could not be renewed");
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
    let release = async move { inbox.release(&token).await };
    if let Err(error) = call_inbox::<I, _>(release).await {
        let error = &error as &dyn Error;
        tracing::error!(error, "the claim could not be released; it will expire");
    }
}

/// Runs an operation of the inbox with a timeout. It runs in a separate task, so that a panic becomes an error.
async fn call_inbox<I: Inbox, T: Send + 'static>(
    operation: impl Future<Output = Result<T, I::Error>> + Send + 'static,
) -> Result<T, InboxError<I::Error>> {
    let mut task = tokio::spawn(operation.in_current_span());
    match tokio::time::timeout(I::LEASE / 3, &mut task).await {
        Ok(Ok(result)) => result.map_err(InboxError::Failed),
        Ok(Err(error)) => Err(InboxError::Panicked(error)),
        Err(_) => {
            task.abort();
            Err(InboxError::TimedOut)
        }
    }
}

#[derive(Debug)]
enum InboxError<E> {
    Failed(E),
    Panicked(JoinError),
    TimedOut,
}

impl<E: fmt::Display> fmt::Display for InboxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(error) => write!(f, "the inbox panicked: {error}"),
            Self::TimedOut => f.write_str("the inbox timed out"),
        }
    }
}

impl<E: Error + 'static> Error for InboxError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::Panicked(_) | Self::TimedOut => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_read_from_the_success_url() {
        let reference = "0123456789abcdef0123456789abcdef";
        let url = format!("https://a.example/thanks?from=x&reference={reference}");
        assert_eq!(reference_in(&url).unwrap().as_str(), reference);
        assert!(reference_in("https://a.example/thanks?reference=x").is_none());
        assert!(reference_in("thanks").is_none());
    }
}
