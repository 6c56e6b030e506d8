//! Fetching the events that were not delivered.

use std::{
    error::Error,
    fmt,
    pin::pin,
    time::{Duration, SystemTime},
};

use futures_util::TryStreamExt;
use jiff::{Timestamp, civil::DateTime, tz::Offset};
use kelviq_core::{
    __internal::{checkout_key, checkout_session_event, logged_event},
    CheckoutSessionDetails, Kelviq, ListCheckoutSessions, ListWebhookLogs, OrderStatus,
    SessionStatus, VerifiedEvent,
};

use super::{
    claims::checkout_claim_id,
    inbox_call::{InboxError, call_inbox},
    webhooks::Webhooks,
};
use crate::store::{store_trait::Store, stored_event::StoredEvent};

/// Time before the last reconciliation that is searched again, because Kelviq's log can show an event later.
const OVERLAP: Duration = Duration::from_secs(60 * 60);

/// Maximum time that is searched. Kelviq's log reaches back 30 days, and ids are kept for longer than that.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Maximum age of a session when it is paid. Also the margin of dates, whose time zone Kelviq does not document.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Time after a payment during which its event can still be delivered. The event contains more than the session.
const DELIVERY_TIME: Duration = Duration::from_secs(5 * 60);

/// Number of events that are kept in memory before they are stored.
const BATCH: usize = 1000;

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
    /// Fetches the events that Kelviq tried to deliver and the sessions that were paid, and runs the handler for those that
    /// the store does not contain, before it returns. Requires [`reconcile_with`](Self::reconcile_with).
    ///
    /// The search starts an hour before the last completed reconciliation, but never before the store was created, so that
    /// an application which adds a store does not handle its old events again. It reaches back at most 30 days.
    ///
    /// A paid session becomes an event with the id `checkout.completed:{session id}` and the source
    /// [`CheckoutSession`](kelviq_core::EventSource::CheckoutSession). If Kelviq delivers the event of the checkout later,
    /// it counts as handled. This event has fewer fields than Kelviq's own, so it is made only when the session was paid at
    /// least 5 minutes ago, and only if its order was not refunded or cancelled.
    ///
    /// This can be called at any time, also by several replicas at once.
    ///
    /// # Errors
    ///
    /// Returns an error if Kelviq or the store cannot be reached. What was found so far is handled nevertheless, and the
    /// next call searches the same time again.
    pub async fn reconcile(&self) -> Result<Reconciled, ReconcileError> {
        let fetched = self.fetch_missed().await;
        self.handle_due().await.map_err(ReconcileError::Store)?;
        fetched
    }

    /// Does what [`reconcile`](Self::reconcile) does, but searches from another time, which can be before the store was
    /// created.
    ///
    /// # Errors
    ///
    /// The errors are those of [`reconcile`](Self::reconcile).
    pub async fn reconcile_since(&self, since: SystemTime) -> Result<Reconciled, ReconcileError> {
        let fetched = self.fetch_missed_since(since).await;
        self.handle_due().await.map_err(ReconcileError::Store)?;
        fetched
    }

    /// Stores what was missed since the last completed reconciliation. The events are due at once.
    pub(super) async fn fetch_missed(&self) -> Result<Reconciled, ReconcileError> {
        let times = call_inbox::<S, _>(async {
            let created = self.store.created_at().await?;
            Ok((created, self.store.reconciled_at().await?))
        });
        let (created, last) = times.await.map_err(store_error)?;
        self.fetch_missed_since(start_of_search(created, last, SystemTime::now()))
            .await
    }

    async fn fetch_missed_since(&self, since: SystemTime) -> Result<Reconciled, ReconcileError> {
        let kelviq = self.kelviq.as_ref().ok_or(ReconcileError::NoClient)?;
        let start = SystemTime::now();
        let since = since.max(start - MAX_AGE);
        let mut reconciled = Reconciled::default();
        // The events of Kelviq's log contain more than a session, so they come first.
        let from_logs = self
            .keep_logged(kelviq, since, &mut reconciled.from_logs)
            .await;
        let until = start - DELIVERY_TIME;
        let from_sessions = self
            .keep_paid(kelviq, since, until, &mut reconciled.from_sessions)
            .await;
        let Reconciled {
            from_logs: events,
            from_sessions: sessions,
        } = reconciled;
        if events + sessions > 0 {
            tracing::warn!(
                from_logs = events,
                from_sessions = sessions,
                "webhooks fetched that were not delivered"
            );
        }
        from_logs.and(from_sessions)?;
        call_inbox::<S, _>(async { self.store.set_reconciled_at(start).await })
            .await
            .map_err(store_error)?;
        Ok(reconciled)
    }

    /// Stores the unknown events of Kelviq's log, and counts them.
    async fn keep_logged(
        &self,
        kelviq: &Kelviq,
        since: SystemTime,
        kept: &mut usize,
    ) -> Result<(), ReconcileError> {
        let list = ListWebhookLogs::new()
            .start_date(date(since - DAY))
            .page_size(100);
        let mut entries = pin!(kelviq.list_webhook_logs(list));
        let mut events = Vec::new();
        let mut elsewhere = 0;
        let result = loop {
            let entry = match entries.try_next().await {
                Ok(Some(entry)) => entry,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error.into()),
            };
            let time = entry
                .last_attempt
                .as_deref()
                .or(entry.created_on.as_deref());
            if time.is_some_and(|time| is_before(time, since)) {
                continue;
            }
            if let (Some(endpoint), Some(other)) = (&self.endpoint, &entry.endpoint)
                && endpoint != other
            {
                elsewhere += 1;
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
            if events.len() == BATCH {
                *kept += self.keep_all(&mut events).await?;
            }
        };
        *kept += self.keep_all(&mut events).await?;
        if elsewhere > 0 {
            tracing::debug!(
                elsewhere,
                "entries of Kelviq's webhook log belong to another endpoint"
            );
        }
        result
    }

    /// Stores events that were listed newest first. Returns the number of those that are new.
    async fn keep_all(&self, events: &mut Vec<VerifiedEvent>) -> Result<usize, ReconcileError> {
        let mut kept = 0;
        while let Some(event) = events.pop() {
            kept += usize::from(self.keep(&event).await?);
        }
        Ok(kept)
    }

    /// Stores an event for each session that was paid between two times and whose `checkout.completed` is unknown, and
    /// counts them. A session that cannot be retrieved does not stop the search.
    async fn keep_paid(
        &self,
        kelviq: &Kelviq,
        since: SystemTime,
        until: SystemTime,
        kept: &mut usize,
    ) -> Result<(), ReconcileError> {
        let list = ListCheckoutSessions::new().start_date(date(since - DAY - DAY));
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
            let is_old = created_on.is_some_and(|time| is_before(time, since - DAY));
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

    /// Stores an event that is due at once. Returns `false` if it is stored already.
    async fn keep(&self, event: &VerifiedEvent) -> Result<bool, ReconcileError> {
        let Some(stored) = StoredEvent::of(event) else {
            return Ok(false);
        };
        call_inbox::<S, _>(async { self.store.keep(&stored, Duration::ZERO).await })
            .await
            .map_err(store_error)
    }

    async fn has_checkout(&self, session_id: &str) -> Result<bool, ReconcileError> {
        let claim_id = checkout_claim_id(session_id);
        call_inbox::<S, _>(async { self.store.has_checkout(session_id, &claim_id).await })
            .await
            .map_err(store_error)
    }
}

/// Returns the start of a search. A time in the future was stored when a clock was wrong, and is ignored.
fn start_of_search(created: SystemTime, last: SystemTime, now: SystemTime) -> SystemTime {
    let in_past = |time: SystemTime| (time <= now + OVERLAP).then_some(time);
    let created = in_past(created).unwrap_or(now - OVERLAP);
    in_past(last).map_or(created, |last| created.max(last - OVERLAP))
}

/// Returns the time of a payment, or the latest possible one.
fn paid_at(session: &CheckoutSessionDetails) -> Option<SystemTime> {
    let order = session.order.as_ref();
    let time = order.and_then(|order| order.paid_at.as_deref().or(order.created_on.as_deref()));
    let latest = || Some(parse_time(session.created_on.as_deref()?)? + DAY);
    time.and_then(parse_time).or_else(latest)
}

/// Returns the UTC date of a time, `YYYY-MM-DD`.
fn date(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or_default();
    timestamp.strftime("%Y-%m-%d").to_string()
}

/// Returns `true` if a time is certainly before another time: an event too many is detected by its id, an event too few is
/// lost. A time without a fraction can be truncated.
fn is_before(time: &str, other: SystemTime) -> bool {
    let precision = Duration::from_secs(u64::from(!time.contains('.')));
    parse_time(time).is_some_and(|time| time + precision <= other)
}

/// Parses a time in RFC 3339 format, or without a time zone, which is then UTC.
fn parse_time(text: &str) -> Option<SystemTime> {
    let timestamp = text
        .parse::<Timestamp>()
        .or_else(|_| Offset::UTC.to_timestamp(text.parse::<DateTime>()?));
    let ms = u64::try_from(timestamp.ok()?.as_millisecond()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_millis(ms))
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
        assert!(is_before("1970-01-01 00:00:04", other));
        assert!(!is_before("1970-01-01 00:00:06.5", other));
    }

    #[test]
    fn a_search_starts_an_hour_before_the_last_one_and_ignores_times_in_the_future() {
        let at = |hours| SystemTime::UNIX_EPOCH + OVERLAP * hours;
        for (created, last, start) in [(1, 1, 1), (1, 50, 49), (1, 200, 1), (200, 200, 99)] {
            let found = start_of_search(at(created), at(last), at(100));
            assert_eq!(found, at(start), "{created} {last}");
        }
    }
}
