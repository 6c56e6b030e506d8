//! Events for the sessions that were paid and whose event was not delivered.

use std::{
    error::Error,
    pin::pin,
    time::{Duration, SystemTime},
};

use futures_util::TryStreamExt;
use kelviq_core::{
    __internal::{checkout_key, checkout_session_event},
    CheckoutSessionDetails, Kelviq, ListCheckoutSessions, OrderStatus, SessionStatus,
};

use super::{
    claims::checkout_claim_id,
    inbox_call::call_inbox,
    listed_time::{day_before, is_before, parse_time},
    reconcile_error::{ReconcileError, store_error},
    webhooks::Webhooks,
};
use crate::store::store_trait::Store;

/// Maximum age of a session when it is paid.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

impl<S: Store> Webhooks<S> {
    /// Stores an event for each session that was paid between two times and whose `checkout.completed` is unknown, and
    /// counts them. A session that cannot be retrieved does not stop the search.
    pub(super) async fn keep_paid(
        &self,
        kelviq: &Kelviq,
        since: SystemTime,
        until: SystemTime,
        kept: &mut usize,
    ) -> Result<(), ReconcileError> {
        let list = ListCheckoutSessions::new().start_date(day_before(since - MAX_AGE));
        let mut sessions = pin!(kelviq.list_checkout_sessions(list));
        let mut result = Ok(());
        while let Some(session) = sessions.try_next().await? {
            // A status that Kelviq adds does not rule out a payment.
            let is_unpaid = matches!(
                session.status,
                Some(
                    SessionStatus::Open
                        | SessionStatus::Processing
                        | SessionStatus::Closed
                        | SessionStatus::Expired
                )
            );
            let created_on = session.created_on.as_deref();
            let is_old = created_on.is_some_and(|time| is_before(time, since - MAX_AGE));
            let Some(id) = session.id.filter(|_| !is_unpaid && !is_old) else {
                continue;
            };
            match self.keep_session(kelviq, &id, since, until).await {
                Ok(is_new) => *kept += usize::from(is_new),
                Err(error) => {
                    tracing::error!(
                        session_id = id,
                        error = &error as &dyn Error,
                        "a session could not be looked up"
                    );
                    result = result.and(Err(error));
                }
            }
        }
        result
    }

    /// Stores an event for a session if it was paid between two times. Returns `false` if it was not, or its
    /// `checkout.completed` is known.
    async fn keep_session(
        &self,
        kelviq: &Kelviq,
        id: &str,
        since: SystemTime,
        until: SystemTime,
    ) -> Result<bool, ReconcileError> {
        // An id that is not its own key does not fit into the id of an event, and not into every database.
        if checkout_key(id) != id {
            tracing::error!("a session has an invalid id and is not looked up");
            return Ok(false);
        }
        if self.has_checkout(id).await? {
            return Ok(false);
        }
        // The list does not contain the order.
        let session = match kelviq.retrieve_checkout_session(id).await {
            Ok(session) => session,
            Err(error) if error.status() == Some(404) => {
                tracing::error!(
                    session_id = id,
                    "Kelviq lists a session that it does not have"
                );
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        let paid_at = paid_at(&session);
        if paid_at.is_some_and(|time| time < since || time > until) {
            return Ok(false);
        }
        let order = session.order.as_ref();
        let is_reversed = matches!(
            order.and_then(|order| order.status.as_ref()),
            Some(
                OrderStatus::Refunded
                    | OrderStatus::Cancelled
                    | OrderStatus::Fraudulent
                    | OrderStatus::Failed
            )
        );
        if is_reversed || !session.is_paid() {
            let status = session.status.as_ref().map(tracing::field::display);
            tracing::warn!(
                session_id = id,
                status,
                is_reversed,
                "a session is not handled as paid"
            );
            return Ok(false);
        }
        match checkout_session_event(&session) {
            Ok(event) => self.keep(&event).await,
            Err(error) => {
                let error = &error as &dyn Error;
                tracing::error!(
                    session_id = id,
                    error,
                    "a paid session cannot become an event"
                );
                Ok(false)
            }
        }
    }

    async fn has_checkout(&self, session_id: &str) -> Result<bool, ReconcileError> {
        let claim_id = checkout_claim_id(session_id);
        call_inbox::<S, _>(async { self.store.has_checkout(session_id, &claim_id).await })
            .await
            .map_err(store_error)
    }
}

/// Returns the time of a payment, or the latest possible one.
fn paid_at(session: &CheckoutSessionDetails) -> Option<SystemTime> {
    let order = session.order.as_ref();
    let time = order.and_then(|order| order.paid_at.as_deref().or(order.created_on.as_deref()));
    let latest = || Some(parse_time(session.created_on.as_deref()?)? + MAX_AGE);
    time.and_then(parse_time).or_else(latest)
}
