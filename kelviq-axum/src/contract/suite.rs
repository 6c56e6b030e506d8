//! The three parts of the suite.

use super::{
    clock_cases, fault_cases,
    harness::{Harness, TransactionHarness},
    inbox_cases, purge_cases, retry_cases, store_cases, transaction_cases,
};
use crate::store::store_trait::Store;

/// Tests an [`Inbox`](crate::Inbox): one of many racers acquires a claim, claims expire and can be renewed, the token of a
/// lost claim changes nothing, a completed event stays completed, the clock jumps, and calls fail or hang under the webhook
/// route.
///
/// # Panics
///
/// Panics if the inbox does not keep the contract.
pub async fn inbox<H: Harness>(harness: H) {
    inbox_cases::run(&harness).await;
    clock_cases::run(&harness).await;
    fault_cases::inbox(&harness).await;
}

/// Tests the part of a [`Store`](crate::Store) that is not an inbox: events are kept and become due once, failures are
/// retried or dead, replay, purge, references, the clock jumps, and calls fail or hang under the webhook route. Call
/// [`inbox`] as well.
///
/// # Panics
///
/// Panics if the store does not keep the contract.
pub async fn store<H: Harness<Inbox: Store>>(harness: H) {
    store_cases::run(&harness).await;
    retry_cases::run(&harness).await;
    purge_cases::run(&harness).await;
    clock_cases::run_store(&harness).await;
    fault_cases::store(&harness).await;
}

/// Tests a [`StoreTransaction`](crate::StoreTransaction): what is committed is recorded, what is rolled back is not, a lost
/// claim is an error, keys are claimed once, and events that arrive while a handler's transaction is open are handled. Call
/// [`inbox`] and [`store`] as well.
///
/// # Panics
///
/// Panics if the transaction does not keep the contract.
pub async fn transaction<H: TransactionHarness<Inbox: Store>>(harness: H) {
    transaction_cases::run(harness).await;
}
