//! Fetching the events that were not delivered.

use std::{
    pin::pin,
    time::{Duration, SystemTime},
};

use futures_util::TryStreamExt;
use kelviq_core::{__internal::logged_event, Kelviq, ListWebhookLogs, VerifiedEvent};

use super::{
    inbox_call::call_inbox,
    listed_time::{day_before, is_before},
    reconcile_error::{ReconcileError, store_error},
    webhooks::Webhooks,
};
use crate::store::{store_trait::Store, stored_event::StoredEvent};

/// Time before the last reconciliation that is searched again, because Kelviq's log can show an event later.
const OVERLAP: Duration = Duration::from_secs(60 * 60);

/// Maximum time that is searched. Kelviq's log reaches back 30 days, and ids are kept for longer than that.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

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
    /// least 5 minutes ago, and only if its order is not refunded completely, cancelled, fraudulent or failed. A session whose
    /// order is one of these is logged as a warning.
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
                "webhooks fetched that were not delivered; if this repeats, check the URL and the secret of the webhook endpoint at Kelviq"
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
            .start_date(day_before(since))
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

    /// Stores an event that is due at once. Returns `false` if it is stored already.
    pub(super) async fn keep(&self, event: &VerifiedEvent) -> Result<bool, ReconcileError> {
        let Some(stored) = StoredEvent::of(event) else {
            return Ok(false);
        };
        call_inbox::<S, _>(async { self.store.keep(&stored, Duration::ZERO).await })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_starts_an_hour_before_the_last_one_and_ignores_times_in_the_future() {
        let at = |hours| SystemTime::UNIX_EPOCH + OVERLAP * hours;
        for (created, last, start) in [(1, 1, 1), (1, 50, 49), (1, 200, 1), (200, 200, 99)] {
            let found = start_of_search(at(created), at(last), at(100));
            assert_eq!(found, at(start), "{created} {last}");
        }
    }
}
