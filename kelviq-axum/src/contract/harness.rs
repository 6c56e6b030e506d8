//! What a test provides.

use std::time::Duration;

use crate::{store::transaction::StoreTransaction, webhook::inbox::Inbox};

/// The part of a test that depends on the inbox or store.
pub trait Harness: Send + Sync + 'static {
    /// The inbox or store.
    type Inbox: Inbox;

    /// Creates an inbox without events. This is called for each case. Inboxes that were created earlier must not share
    /// events with it.
    fn create(&self) -> impl Future<Output = Self::Inbox> + Send;

    /// Lets this time pass for an inbox: leases expire, events become due, and rows become older.
    fn advance(&self, inbox: &Self::Inbox, by: Duration) -> impl Future<Output = ()> + Send;

    /// Sets the clock of an inbox back. Returns `false` if its clock cannot go backwards, which is the default.
    fn set_back(&self, inbox: &Self::Inbox, by: Duration) -> impl Future<Output = bool> + Send {
        let _ = (inbox, by);
        async { false }
    }
}

/// A [`Harness`] for a store with transactions.
pub trait TransactionHarness: Harness {
    /// The transaction. It is rolled back when it is dropped.
    type Transaction: StoreTransaction<Store = Self::Inbox> + 'static;

    /// Begins a transaction that can write. It may wait for another one to end.
    fn begin(&self, store: &Self::Inbox) -> impl Future<Output = Self::Transaction> + Send;

    /// Commits a transaction.
    fn commit(&self, tx: Self::Transaction) -> impl Future<Output = ()> + Send;

    /// Returns how long one handler keeps its transaction open while other events arrive. The default is 300 ms, so that
    /// the suite is fast.
    fn transaction_time(&self) -> Duration {
        Duration::from_millis(300)
    }
}
