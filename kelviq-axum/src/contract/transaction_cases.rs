//! Recording events in the handler's own transaction.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures_util::future::join_all;
use kelviq_core::VerifiedEvent;

use super::{
    case::Case,
    events::{body, checkout, event},
    harness::TransactionHarness,
    inbox_cases::lease,
    route::{Calls, deliver, secret},
    store_cases::{due, expect_none_due, keep, take},
};
use crate::{
    store::{
        store_trait::Store,
        transaction::{CompleteError, StoreTransaction},
    },
    webhook::{
        event::Event,
        inbox::{ClaimToken, Inbox},
        webhooks::Webhooks,
    },
};

pub(super) async fn run<H: TransactionHarness<Inbox: Store>>(harness: H) {
    let harness = Arc::new(harness);
    a_commit(&*harness).await;
    a_rollback(&*harness).await;
    a_lost_lease(&*harness).await;
    keys(&*harness).await;
    concurrent_keys(&harness).await;
    a_lost_lease_in_a_handler(&harness).await;
    a_handler_that_does_not_commit(&harness).await;
    a_long_transaction(&harness).await;
}

async fn complete<T: StoreTransaction>(
    case: Case,
    store: &T::Store,
    tx: &mut T,
    claim: &ClaimToken,
) -> bool {
    case.ok(
        tx.complete(store, claim).await,
        "StoreTransaction::complete",
    )
}

async fn a_commit<H: TransactionHarness<Inbox: Store>>(harness: &H) {
    let case = Case("a completion that is committed");
    let (store, event) = (harness.create().await, checkout("evt_committed"));
    let claim = case.acquire(&store, &event, "of a new event").await;
    let mut tx = harness.begin(&store).await;
    for _ in 0..2 {
        let is_completed = complete(case, &store, &mut tx, &claim).await;
        case.expect(
            is_completed,
            "`complete` in a transaction to return true, also the second time",
        );
    }
    harness.commit(tx).await;
    case.complete(&store, &claim).await;
    let is_renewed = case.ok(store.renew(&claim).await, "renew");
    case.expect(is_renewed, "`renew` after the commit to return true");
    case.ok(store.release(&claim).await, "release");
    harness.advance(&store, lease::<H::Inbox>()).await;
    case.expect_handled(&store, &event, "after the commit")
        .await;
    expect_none_due(case, &store, "after the commit").await;
}

async fn a_rollback<H: TransactionHarness<Inbox: Store>>(harness: &H) {
    let case = Case("a completion that is rolled back");
    let (store, event) = (harness.create().await, event("evt_rolled_back"));
    keep(case, &store, &event, Duration::ZERO).await;
    for _ in 0..2 {
        let claim = take(case, &store, "after a rollback").await.claim;
        let mut tx = harness.begin(&store).await;
        let is_completed = complete(case, &store, &mut tx, &claim).await;
        case.expect(is_completed, "`complete` in a transaction to return true");
        drop(tx);
        let is_renewed = case.ok(store.renew(&claim).await, "renew");
        case.expect(is_renewed, "`renew` after a rollback to return true");
        case.expect_in_progress(&store, &event, "after a rollback")
            .await;
        harness.advance(&store, lease::<H::Inbox>()).await;
    }
    let claim = case
        .acquire(&store, &event, "after a rollback and a lease")
        .await;
    case.complete(&store, &claim).await;
}

async fn a_lost_lease<H: TransactionHarness<Inbox: Store>>(harness: &H) {
    let case = Case("a completion in a transaction after the lease was lost");
    let (store, event) = (harness.create().await, event("evt_lost"));
    let lost = case.acquire(&store, &event, "of a new event").await;
    harness.advance(&store, lease::<H::Inbox>()).await;
    let claim = case
        .acquire(&store, &event, "after its lease expired")
        .await;
    let mut tx = harness.begin(&store).await;
    let is_completed = complete(case, &store, &mut tx, &lost).await;
    case.expect(
        !is_completed,
        "`complete` with the token of the lost claim to return false",
    );
    harness.commit(tx).await;
    case.expect_in_progress(
        &store,
        &event,
        "after `complete` with the token of a lost claim",
    )
    .await;
    let mut tx = harness.begin(&store).await;
    let is_completed = complete(case, &store, &mut tx, &claim).await;
    case.expect(
        is_completed,
        "`complete` with the token of the claim to return true",
    );
    harness.commit(tx).await;
    case.expect_handled(&store, &event, "after the commit")
        .await;
}

async fn insert_key<T: StoreTransaction>(
    case: Case,
    store: &T::Store,
    tx: &mut T,
    key: &str,
) -> bool {
    case.ok(tx.insert_key(store, key).await, "insert_key")
}

async fn keys<H: TransactionHarness<Inbox: Store>>(harness: &H) {
    let case = Case("keys in two transactions");
    let store = harness.create().await;
    let mut tx = harness.begin(&store).await;
    case.expect(
        insert_key(case, &store, &mut tx, "key").await,
        "a new key to be stored",
    );
    case.expect(
        !insert_key(case, &store, &mut tx, "key").await,
        "a key to be stored once in a transaction",
    );
    drop(tx);
    for (key, is_new) in [("key", true), ("key", false), ("KEY", true), ("key", false)] {
        let mut tx = harness.begin(&store).await;
        let inserted = insert_key(case, &store, &mut tx, key).await;
        harness.commit(tx).await;
        case.equal(inserted, is_new, &format!("whether the key {key:?} is new"));
    }
    let event = event("key");
    case.acquire(&store, &event, "of an event whose id is a key")
        .await;
}

async fn concurrent_keys<H: TransactionHarness<Inbox: Store>>(harness: &Arc<H>) {
    let case = Case("a key in two transactions at once");
    for commits in [true, false] {
        let store = harness.create().await;
        let mut tx = harness.begin(&store).await;
        case.expect(
            insert_key(case, &store, &mut tx, "key").await,
            "a new key to be stored",
        );
        let other = {
            let (harness, store) = (Arc::clone(harness), store.clone());
            tokio::spawn(async move {
                let mut tx = harness.begin(&store).await;
                let inserted = insert_key(case, &store, &mut tx, "key").await;
                harness.commit(tx).await;
                inserted
            })
        };
        tokio::time::sleep(Duration::from_millis(100)).await;
        if commits {
            harness.commit(tx).await;
        } else {
            drop(tx);
        }
        let inserted = case.ok(other.await, "insert_key");
        case.equal(
            inserted,
            !commits,
            "whether the key is new for the second transaction",
        );
    }
}

/// Claims an event as another replica does after a lease.
async fn take_over<H: TransactionHarness<Inbox: Store>>(
    case: Case,
    harness: &H,
    store: &H::Inbox,
    event: &VerifiedEvent,
) -> ClaimToken {
    harness.advance(store, lease::<H::Inbox>()).await;
    case.acquire(store, event, "after its lease expired").await
}

async fn a_lost_lease_in_a_handler<H: TransactionHarness<Inbox: Store>>(harness: &Arc<H>) {
    let case = Case("Event::complete after the lease was lost");
    let (store, event) = (harness.create().await, event("evt_lost"));
    let on_event = {
        let (harness, store, other) = (Arc::clone(harness), store.clone(), event.clone());
        move |event: Event| async move {
            let claim = take_over(case, &*harness, &store, &other).await;
            let mut tx = harness.begin(&store).await;
            let completed = event.complete(&mut tx).await;
            case.expect(
                matches!(completed, Err(CompleteError::ClaimLost)),
                &format!("`CompleteError::ClaimLost`, but got {completed:?}"),
            );
            drop(tx);
            case.complete(&store, &claim).await;
            StatusCode::IM_A_TEAPOT
        }
    };
    let webhooks = Webhooks::new(secret(), store.clone(), (), on_event);
    let status = deliver(webhooks.route(), event.id(), body(event.id())).await;
    case.equal(status, StatusCode::INTERNAL_SERVER_ERROR, "the response");
    case.expect_handled(&store, &event, "under the other claim")
        .await;
    case.equal(
        case.ok(store.failed(10).await, "failed").len(),
        0,
        "the number of failed events",
    );
}

async fn a_handler_that_does_not_commit<H: TransactionHarness<Inbox: Store>>(harness: &Arc<H>) {
    let case = Case("a handler that succeeds without a commit");
    let (store, event) = (harness.create().await, event("evt_rolled_back"));
    let (calls, count) = (Calls::default(), Calls::default());
    let on_event = {
        let (harness, store, calls) = (Arc::clone(harness), store.clone(), calls.clone());
        move |event: Event| async move {
            let mut tx = harness.begin(&store).await;
            let completed = event.complete(&mut tx).await;
            case.ok(completed, "Event::complete");
            if count.add_failure(&event.id) > 1 {
                harness.commit(tx).await;
                calls.add_success(&event.id);
            }
        }
    };
    let webhooks = Webhooks::new(secret(), store.clone(), (), on_event);
    let status = deliver(webhooks.route(), event.id(), body(event.id())).await;
    case.equal(status, StatusCode::INTERNAL_SERVER_ERROR, "the response");
    let failed = case.ok(store.failed(10).await, "failed");
    case.equal(failed.len(), 1, "the number of failed events");
    harness.advance(&store, lease::<H::Inbox>()).await;
    let handled = webhooks.handle_due().await;
    case.expect(matches!(handled, Ok(1)), "the event to be handled again");
    case.equal(calls.succeeded(event.id()), 1, "the number of commits");
    case.expect_handled(&store, &event, "after the commit")
        .await;
}

async fn a_long_transaction<H: TransactionHarness<Inbox: Store>>(harness: &Arc<H>) {
    let case = Case("a long transaction while 20 events arrive");
    let (store, calls) = (harness.create().await, Calls::default());
    let (started, is_started) = tokio::sync::watch::channel(false);
    let on_event = {
        let (harness, store, calls) = (Arc::clone(harness), store.clone(), calls.clone());
        move |event: Event| async move {
            let mut tx = harness.begin(&store).await;
            case.ok(event.complete(&mut tx).await, "Event::complete");
            if event.id == "evt_long" {
                started.send_replace(true);
                tokio::time::sleep(harness.transaction_time()).await;
            }
            harness.commit(tx).await;
            calls.add_success(&event.id);
        }
    };
    let webhooks = Webhooks::new(secret(), store.clone(), (), on_event);
    let ids: Vec<_> = (0..20).map(|number| format!("evt_{number}")).collect();
    let long = deliver(webhooks.route(), "evt_long", body("evt_long"));
    let others = async {
        let _ = is_started.clone().wait_for(|is_started| *is_started).await;
        join_all(ids.iter().map(|id| deliver(webhooks.route(), id, body(id)))).await
    };
    let (long, others) = tokio::join!(long, others);
    case.equal(
        long,
        StatusCode::OK,
        "the response to the event with the long transaction",
    );
    for (id, status) in ids.iter().zip(others) {
        // Kelviq delivers an event again unless the response was a success.
        if status != StatusCode::OK {
            case.expect(
                status.is_server_error(),
                &format!("the response to {id} to be 200 or 5xx, but it is {status}"),
            );
            harness.advance(&store, lease::<H::Inbox>()).await;
            let status = deliver(webhooks.route(), id, body(id)).await;
            case.equal(
                status,
                StatusCode::OK,
                &format!("the response to the next delivery of {id}"),
            );
        }
    }
    for id in ids.iter().map(String::as_str).chain(["evt_long"]) {
        case.equal(
            calls.succeeded(id),
            1,
            &format!("the number of commits for {id}"),
        );
        case.expect_handled(&store, &event(id), "after the commit")
            .await;
    }
    case.expect(
        due(case, &store).await.is_none(),
        "no event to be due in the end",
    );
}
