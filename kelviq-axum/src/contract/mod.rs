//! A test suite for implementations of [`Inbox`](crate::Inbox), [`Store`](crate::Store) and
//! [`StoreTransaction`](crate::StoreTransaction) (feature `contract`).
//!
//! A test implements [`Harness`] for its store, and calls
//!
//! - [`inbox`] for any inbox
//! - [`store`] for a store as well
//! - [`transaction`] for a store with transactions as well.
//!
//! Each function runs all cases of its part, and panics with the case's name and what was expected. No case waits for a
//! lease: [`Harness::advance`] makes time pass. The cases that simulate a hanging inbox take some seconds, unless tokio's
//! clock is paused.
//!
//! ```no_run
//! use std::time::Duration;
//! use kelviq_axum::{MemoryInbox, contract};
//!
//! struct InMemory;
//!
//! impl contract::Harness for InMemory {
//!     type Inbox = MemoryInbox;
//!
//!     async fn create(&self) -> MemoryInbox {
//!         MemoryInbox::default()
//!     }
//!
//!     async fn advance(&self, _: &MemoryInbox, by: Duration) {
//!         # mod tokio { pub mod time { pub async fn advance(_: std::time::Duration) {} } }
//!         tokio::time::advance(by).await;
//!     }
//! }
//!
//! // #[tokio::test(start_paused = true)]
//! async fn the_memory_inbox_keeps_the_contract() {
//!     contract::inbox(InMemory).await;
//! }
//! ```
//!
//! A store that uses the clock of its database makes time pass by moving all its times back:
//!
//! ```no_run
//! # #[cfg(feature = "sqlite")] {
//! use std::{path::PathBuf, sync::atomic::{AtomicUsize, Ordering}, time::Duration};
//! use kelviq_axum::{SqliteStore, contract};
//! use sqlx::{Sqlite, Transaction};
//!
//! struct InSqlite {
//!     folder: PathBuf,
//!     created: AtomicUsize,
//! }
//!
//! impl contract::Harness for InSqlite {
//!     type Inbox = SqliteStore;
//!
//!     async fn create(&self) -> SqliteStore {
//!         let number = self.created.fetch_add(1, Ordering::Relaxed);
//!         let store = SqliteStore::open(self.folder.join(format!("{number}.db"))).await.unwrap();
//!         store.migrate().await.unwrap();
//!         store
//!     }
//!
//!     async fn advance(&self, store: &SqliteStore, by: Duration) {
//!         // …and the same for the columns of the other tables
//!         let update = "UPDATE kelviq_events SET due_at = due_at - $1, lease_until = lease_until - $1";
//!         sqlx::query(update).bind(by.as_millis() as i64).execute(store.pool()).await.unwrap();
//!     }
//! }
//!
//! impl contract::TransactionHarness for InSqlite {
//!     type Transaction = Transaction<'static, Sqlite>;
//!
//!     async fn begin(&self, store: &SqliteStore) -> Self::Transaction {
//!         store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap()
//!     }
//!
//!     async fn commit(&self, tx: Self::Transaction) {
//!         tx.commit().await.unwrap();
//!     }
//! }
//! # }
//! ```

mod case;
mod clock_cases;
mod events;
mod fault_cases;
mod faulty;
mod harness;
mod inbox_cases;
mod purge_cases;
mod retry_cases;
mod route;
mod store_cases;
mod suite;
mod transaction_cases;

pub use self::{
    harness::{Harness, TransactionHarness},
    suite::{inbox, store, transaction},
};
