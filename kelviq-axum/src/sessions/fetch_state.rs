//! The request to Kelviq for the state of a checkout.

use std::time::Duration;

use kelviq_core::SessionStatus;
use tracing::Instrument;

use super::checkout_state::CheckoutState;
use crate::{failure_log::log_failure, reference::Reference, shop::Shop};

/// Maximum time to wait for the state. The success page loads itself again, so each load must be short.
const STATE_TIMEOUT: Duration = Duration::from_secs(3);

impl Shop {
    /// Fetches the state of a checkout from Kelviq, by its reference.
    ///
    /// The result is cached for 2 s, and concurrent calls for one checkout share a request. A request that fails, or takes
    /// longer than 3 s, is logged, and the state is then [`Pending`](CheckoutState::Pending).
    ///
    /// On the success page, use [`CheckoutReturn::state`](crate::CheckoutReturn::state). This function is for other places,
    /// such as a script that polls:
    ///
    /// ```
    /// use axum::{Json, extract::{Path, State}};
    /// use kelviq_axum::{CheckoutState, Reference, Shop};
    ///
    /// async fn is_paid(State(shop): State<Shop>, Path(reference): Path<Reference>) -> Json<bool> {
    ///     Json(matches!(shop.checkout_state(&reference).await, CheckoutState::Paid(_)))
    /// }
    /// ```
    pub async fn checkout_state(&self, reference: &Reference) -> CheckoutState {
        let session_id = match self.sessions().session_id(reference).await {
            Ok(Some(session_id)) => session_id,
            Ok(None) => return CheckoutState::Unknown,
            Err(error) => {
                let error = &*error as &dyn std::error::Error;
                tracing::warn!(%reference, error, "the session of a checkout could not be read from the store");
                return CheckoutState::Pending;
            }
        };
        let (shop, reference) = (self.clone(), reference.clone());
        // Spawned so that a cancelled request still fills the cache.
        let state = async move {
            let fetch = fetch_state(&shop, &reference, &session_id);
            shop.sessions().state(&reference, fetch).await
        };
        let state = tokio::spawn(state.in_current_span()).await;
        state.unwrap_or(CheckoutState::Pending)
    }
}

async fn fetch_state(shop: &Shop, reference: &Reference, session_id: &str) -> CheckoutState {
    let session = shop.kelviq().retrieve_checkout_session(session_id);
    match tokio::time::timeout(STATE_TIMEOUT, session).await {
        Ok(Ok(session)) if session.is_paid() => {
            shop.session_ended(session_id).await;
            CheckoutState::Paid(Box::new(session))
        }
        Ok(Ok(session)) => match session.status {
            Some(SessionStatus::Closed | SessionStatus::Expired) => {
                shop.session_ended(session_id).await;
                CheckoutState::Closed
            }
            _ => CheckoutState::Pending,
        },
        Ok(Err(error)) if error.status() == Some(404) => {
            tracing::error!(%reference, session_id, "Kelviq returned 404 for a session that it created");
            shop.session_ended(session_id).await;
            CheckoutState::Unknown
        }
        Ok(Err(error)) => {
            log_failure!(
                warn,
                &error,
                { %reference, session_id, },
                "the state of a checkout session was not fetched"
            );
            CheckoutState::Pending
        }
        Err(_) => {
            tracing::warn!(%reference, session_id, "timeout while fetching the state of a checkout session");
            CheckoutState::Pending
        }
    }
}
