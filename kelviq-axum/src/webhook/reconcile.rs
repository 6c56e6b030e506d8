//! Fetching the events that were not delivered.

use std::{
    error::Error,
    fmt,
    pin::pin,
    time::{Duration, SystemTime},
};

use futures_util::TryStreamExt;
use jiff::Timestamp;
use kelviq_core::{
    __internal::{checkout_session_event, logged_event},
    Kelviq, ListCheckoutSessions, ListWebhookLogs, SessionStatus, VerifiedEvent,
};

use super::{
    claims::checkout_claim_id,
    inbox_call::{InboxError, call_inbox},
    webhooks::{Reconciliation, Webhooks},
};
use crate::store::{store_trait::Store, stored_event::StoredEvent};

/// Time before the last reconciliation that is searched again, because Kelviq's log can show an event later.
const OVERLAP: Duration = Duration::from_secs(60 * 60);

/// Maximum time that is searched. Kelviq's log reaches back 30 days, and ids are kept for longer than that.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Maximum age of a session when it is paid.
const SESSION_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The result of [`Webhooks::reconcile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciled {
    /// Number of new events from Kelviq's webhook log.
    pub from_logs: usize,
    /// Number of paid sessions without a `checkout.completed`.
    pub from_sessions: usize,
}

impl<S: Store> Webhooks<S> {
    /// Fetches the events that Kelviq tried to deliver and the sessions that were paid, and handles those that the store
    /// does not contain. Requires [`reconcile_with`](Self::reconcile_with).
    ///
    /// The search starts an hour before the last completed reconciliation, but never before the store was created, so that
    /// an application which adds a store does not handle its old events again. It reaches back at most 30 days.
    ///
    /// A paid session becomes an event with the id `checkout.completed:{session id}` and the source
    /// [`CheckoutSession`](kelviq_core::EventSource::CheckoutSession). If Kelviq delivers the event of the checkout later,
    /// it counts as handled.
    ///
    /// This can be called at any time, also by several replicas at once.
    ///
    /// # Errors
    ///
    /// Returns an error if Kelviq or the store cannot be reached. What was found so far is handled nevertheless, and the
    /// next call searches the same time again.
    pub async fn reconcile(&self) -> Result<Reconciled, ReconcileError> {
        let store = self.store.clone();
        let since = call_inbox::<S, _>(async move {
            let last = store.reconciled_at().await?;
            Ok(store.created_at().await?.max(last - OVERLAP))
        });
        self.reconcile_since(since.await.map_err(store_error)?)
            .await
    }

    /// Does what [`reconcile`](Self::reconcile) does, but searches from another time, which can be before the store was
    /// created.
    ///
    /// # Errors
    ///
    /// The errors are those of [`reconcile`](Self::reconcile).
    pub async fn reconcile_since(&self, since: SystemTime) -> Result<Reconciled, ReconcileError> {
        let Some(reconciliation) = &self.reconciliation else {
            return Err(ReconcileError::NoClient);
        };
        let start = SystemTime::now();
        let since = since.max(start - MAX_AGE);
        // The events of Kelviq's log contain more than a session, so they come first.
        let from_logs = self.keep_logged(reconciliation, since).await?;
        let from_sessions = self.keep_paid(&reconciliation.kelviq, since).await?;
        let store = self.store.clone();
        call_inbox::<S, _>(async move { store.set_reconciled_at(start).await })
            .await
            .map_err(store_error)?;
        if from_logs + from_sessions > 0 {
            tracing::warn!(
                from_logs,
                from_sessions,
                "webhooks fetched that were not delivered"
            );
            self.handle_due().await.map_err(ReconcileError::Store)?;
        }
        Ok(Reconciled {
            from_logs,
            from_sessions,
        })
    }

    /// Stores the unknown events of Kelviq's log.
    async fn keep_logged(
        &self,
        reconciliation: &Reconciliation,
        since: SystemTime,
    ) -> Result<usize, ReconcileError> {
        let list = ListWebhookLogs::new().start_date(date(since));
        let mut entries = pin!(reconciliation.kelviq.list_webhook_logs(list));
        let mut events = Vec::new();
        while let Some(entry) = entries.try_next().await? {
            let time = entry
                .last_attempt
                .as_deref()
                .or(entry.created_on.as_deref());
            let is_old = time.is_some_and(|time| is_before(time, since));
            let is_elsewhere = reconciliation.endpoint.is_some()
                && entry.endpoint.is_some()
                && reconciliation.endpoint != entry.endpoint;
            if is_old || is_elsewhere {
                continue;
            }
            let payload = entry.payload.as_ref();
            if let Some(Ok(event)) = payload.map(|payload| logged_event(payload.as_json())) {
                events.push(event);
            } else {
                let event_id = entry.event_id;
                tracing::warn!(
                    event_id,
                    "an entry of Kelviq's webhook log contains no event"
                );
            }
        }
        let mut kept = 0;
        // Kelviq lists the newest entries first.
        for event in events.iter().rev() {
            kept += usize::from(self.keep(event).await?);
        }
        Ok(kept)
    }

    /// Stores an event for each paid session whose `checkout.completed` is unknown.
    async fn keep_paid(&self, kelviq: &Kelviq, since: SystemTime) -> Result<usize, ReconcileError> {
        let list = ListCheckoutSessions::new().start_date(date(since - SESSION_AGE));
        let mut sessions = pin!(kelviq.list_checkout_sessions(list));
        let mut kept = 0;
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
            let Some(id) = session.id.filter(|_| !is_unpaid) else {
                continue;
            };
            if self.has_checkout(&id).await? {
                continue;
            }
            // The list does not contain the order.
            let session = kelviq.retrieve_checkout_session(&id).await?;
            if !session.is_paid() {
                let status = session.status.as_ref().map(tracing::field::display);
                tracing::warn!(
                    session_id = id,
                    status,
                    "a session has an unknown status and is not paid"
                );
                continue;
            }
            let order = session.order.as_ref();
            let paid_at = order.and_then(|order| order.paid_at.as_deref());
            let time = paid_at.or(session.created_on.as_deref());
            if time.is_some_and(|time| is_before(time, since)) {
                continue;
            }
            match checkout_session_event(&session) {
                Ok(event) => kept += usize::from(self.keep(&event).await?),
                Err(error) => tracing::warn!(
                    session_id = id,
                    error = &error as &dyn Error,
                    "a paid session could not be handled as an event"
                ),
            }
        }
        Ok(kept)
    }

    /// Stores an event that is due at once. Returns `false` if it is stored already.
    async fn keep(&self, event: &VerifiedEvent) -> Result<bool, ReconcileError> {
        let Some(stored) = StoredEvent::of(event) else {
            return Ok(false);
        };
        let store = self.store.clone();
        call_inbox::<S, _>(async move { store.keep(&stored, Duration::ZERO).await })
            .await
            .map_err(store_error)
    }

    async fn has_checkout(&self, session_id: &str) -> Result<bool, ReconcileError> {
        let (store, session_id) = (self.store.clone(), session_id.to_owned());
        let claim_id = checkout_claim_id(&session_id);
        call_inbox::<S, _>(async move { store.has_checkout(&session_id, &claim_id).await })
            .await
            .map_err(store_error)
    }
}

/// Returns the UTC date of a time, `YYYY-MM-DD`.
fn date(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or_default();
    timestamp.strftime("%Y-%m-%d").to_string()
}

/// Returns `true` if an RFC 3339 time is certainly before another time: an event too many is detected by its id, an event
/// too few is lost. A time without a fraction can be truncated.
fn is_before(time: &str, other: SystemTime) -> bool {
    let precision = Duration::from_secs(u64::from(!time.contains('.')));
    let (time, other) = (time.parse::<Timestamp>(), Timestamp::try_from(other));
    matches!((time, other), (Ok(time), Ok(other)) if time.saturating_add(precision).is_ok_and(|time| time <= other))
}

/// An error from [`Webhooks::reconcile`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    /// No client was set with [`Webhooks::reconcile_with`].
    NoClient,
    /// Kelviq could not be reached, or rejected a request.
    Kelviq(kelviq_core::Error),
    /// The store could not be reached.
    Store(Box<dyn Error + Send + Sync>),
}

fn store_error<E: Error + Send + Sync + 'static>(error: InboxError<E>) -> ReconcileError {
    ReconcileError::Store(Box::new(error))
}

impl From<kelviq_core::Error> for ReconcileError {
    fn from(error: kelviq_core::Error) -> Self {
        Self::Kelviq(error)
    }
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoClient => "reconciliation needs a client; set one with `reconcile_with`",
            Self::Kelviq(_) => "Kelviq did not list what it tried to deliver",
            Self::Store(_) => "the store could not be reached",
        })
    }
}

impl Error for ReconcileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoClient => None,
            Self::Kelviq(error) => Some(error),
            Self::Store(error) => Some(&**error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_rounded_down_is_not_before_its_own_second() {
        let other = SystemTime::UNIX_EPOCH + Duration::from_millis(5_900);
        assert!(is_before("1970-01-01T00:00:04Z", other));
        assert!(!is_before("1970-01-01T00:00:05Z", other));
        assert!(!is_before("soon", other));
    }
}
