//! The contract of a durable store.

use std::time::{Duration, SystemTime};

use super::stored_event::{DueEvent, FailedEvent, StoreStatus, StoredEvent};
use crate::webhook::inbox::{ClaimToken, Inbox};

/// An [`Inbox`] that also keeps the events themselves, so that they can be handled again without Kelviq, and the references
/// of checkouts with their sessions.
///
/// [`Webhooks`](crate::Webhooks) and [`Shop::store`](crate::Shop::store) use it. The crate provides `SqliteStore` (feature
/// `sqlite`) and `PostgresStore` (feature `postgres`).
///
/// # Implementations
///
/// Each row of an event has a time at which it is due. A claim moves that time to the end of its lease, so that an event
/// whose handler crashed is due again. [`fail`](Self::fail) sets a later time, or none if the event is dead.
/// [`complete`](Inbox::complete) removes it.
///
/// With a store, [`Inbox::claim`] also
///
/// - stores the event if it is not stored yet, except for the claim of a checkout, which has no body and is never due
///   ([`StoredEvent::of`] returns `None` for it)
/// - ignores the time at which the event is due, so that a delivery by Kelviq is handled at once, also if the event is dead.
///
/// The module [`contract`](crate::contract) (feature `contract`) tests an implementation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store",
    note = "make a store of a pool with `SqliteStore::new` or `PostgresStore::new`; `MemoryInbox` is for the route `webhook(…)` only"
)]
pub trait Store: Inbox {
    /// Stores an event if its id is not stored yet, and makes it due after `due_in`. Returns `false` if it is stored.
    fn keep(
        &self,
        event: &StoredEvent,
        due_in: Duration,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Claims the event that has been due for the longest time. `None` if no event is due.
    ///
    /// Concurrent calls never claim the same event. Events without a body are not returned.
    fn due(&self) -> impl Future<Output = Result<Option<DueEvent>, Self::Error>> + Send;

    /// Records a failure and ends the claim, which is then lost. `retry_in` maps the number of attempts so far to the time
    /// until the event is due again. If it returns `None`, the event is dead.
    ///
    /// Returns `false`, without a change, if the claim is lost or the event was completed.
    fn fail(
        &self,
        claim: &ClaimToken,
        reason: &str,
        retry_in: impl Fn(u32) -> Option<Duration> + Send + Sync,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Ends the claim of an event whose handler was not run, and makes the event due after `due_in`. The claim does not count
    /// as an attempt. Does nothing if the claim is lost or the event was completed.
    fn postpone(
        &self,
        claim: &ClaimToken,
        due_in: Duration,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Returns the events that failed and have not been handled since, most recent failure first.
    fn failed(
        &self,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<FailedEvent>, Self::Error>> + Send;

    /// Makes a failed or dead event due now, and counts its attempts from zero again. Returns `false`, without a change, if
    /// there is no such event, it was completed, it is being handled, or its body was purged.
    fn replay(&self, event_id: &str) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Removes the bodies and headers of events that were completed longer than `bodies_after` ago, and whole rows, keys
    /// and references that are older than `rows_after`. Events that are not completed stay, including dead ones, and so does
    /// every row with a lease. Returns the number of changed rows.
    fn purge(
        &self,
        bodies_after: Duration,
        rows_after: Duration,
    ) -> impl Future<Output = Result<u64, Self::Error>> + Send;

    /// Returns `true` if a `checkout.completed` with this session id is stored, or the claim of its checkout is completed.
    fn has_checkout(
        &self,
        session_id: &str,
        claim_id: &str,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Stores the session of a reference.
    fn insert_reference(
        &self,
        reference: &str,
        session_id: &str,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Returns the session of a reference.
    fn session_id(
        &self,
        reference: &str,
    ) -> impl Future<Output = Result<Option<String>, Self::Error>> + Send;

    /// Returns the time at which the store was created.
    fn created_at(&self) -> impl Future<Output = Result<SystemTime, Self::Error>> + Send;

    /// Returns the start of the last completed [reconciliation](crate::Webhooks::reconcile), or the time at which the store
    /// was created.
    fn reconciled_at(&self) -> impl Future<Output = Result<SystemTime, Self::Error>> + Send;

    /// Stores the start of a completed reconciliation, unless a later one is stored that is not in the future.
    fn set_reconciled_at(
        &self,
        time: SystemTime,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Reports the checkouts whose events are completed, by any process, until the connection fails.
    ///
    /// Calls `completed` with `None` once it receives notifications, and again after an interruption in which some may
    /// have been lost. Then calls it with the session id of each `checkout.completed` that is completed and committed. A
    /// notification can be repeated, or be about a checkout of another store.
    ///
    /// [`Webhooks::run`](crate::Webhooks::run) calls this if [`Webhooks::shop`](crate::Webhooks::shop) is set. Until
    /// `completed` is called, and after an error, success pages poll for their order. The default never calls it and never
    /// ends.
    ///
    /// A process notifies its own success pages in any case. A store whose events one process handles therefore calls
    /// `completed` with `None`, and never ends:
    ///
    /// ```
    /// # struct OneProcess;
    /// # impl OneProcess {
    /// async fn listen(&self, completed: impl Fn(Option<&str>) + Send + Sync) -> std::io::Result<()> {
    ///     completed(None);
    ///     std::future::pending().await
    /// }
    /// # }
    /// ```
    fn listen(
        &self,
        _completed: impl Fn(Option<&str>) + Send + Sync,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        std::future::pending()
    }

    /// Counts the events that are waiting or dead. Also a health check: it fails if the store cannot be reached.
    fn status(&self) -> impl Future<Output = Result<StoreStatus, Self::Error>> + Send;
}
