//! What is removed after some time.

use std::time::Duration;

use super::{
    case::Case,
    events::{checkout, event},
    harness::Harness,
    store_cases::{expect_none_due, keep, take},
};
use crate::store::store_trait::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn run<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("purge");
    let store = harness.create().await;
    let purge = async || case.ok(store.purge(DAY * 7, DAY * 35).await, "purge");
    let (handled, waiting, dead) = (
        checkout("evt_handled"),
        event("evt_waiting"),
        event("evt_dead"),
    );
    let claim = case.acquire(&store, &handled, "of a new event").await;
    case.complete(&store, &claim).await;
    keep(case, &store, &dead, Duration::ZERO).await;
    let claim = take(case, &store, "at once").await.claim;
    case.ok(store.fail(&claim, "no stock", |_| None).await, "fail");
    keep(case, &store, &waiting, DAY * 100).await;
    case.ok(
        store.insert_reference("ref_1", "cs_1").await,
        "insert_reference",
    );
    case.equal(purge().await, 0, "the number of purged rows at first");

    harness.advance(&store, DAY * 8).await;
    case.equal(purge().await, 1, "the number of purged bodies after 8 days");
    case.equal(
        purge().await,
        0,
        "the number of bodies that are purged again",
    );
    case.expect_handled(&store, &handled, "after its body was purged")
        .await;
    let is_known = store.has_checkout("cs_evt_handled", "checkout:none").await;
    case.expect(
        case.ok(is_known, "has_checkout"),
        "the checkout to be known after its body was purged",
    );
    let session = case.ok(store.session_id("ref_1").await, "session_id");
    case.equal(
        session.as_deref(),
        Some("cs_1"),
        "the session of a reference after 8 days",
    );

    harness.advance(&store, DAY * 28).await;
    case.equal(
        purge().await,
        2,
        "the number of purged rows after 36 days: a handled event and a reference",
    );
    case.equal(
        case.ok(store.session_id("ref_1").await, "session_id"),
        None,
        "the session of a purged reference",
    );
    case.equal(
        case.ok(store.failed(10).await, "failed").len(),
        1,
        "the number of failed events, since a dead event is not purged",
    );
    case.acquire(&store, &handled, "of an event whose row was purged")
        .await;
    case.acquire(&store, &dead, "of a dead event after 36 days")
        .await;

    expect_none_due(case, &store, "before its time").await;
    harness.advance(&store, DAY * 65).await;
    for _ in 0..3 {
        let due = take(case, &store, "although it is old").await;
        case.expect(!due.event.body.is_empty(), "a due event to keep its body");
        case.complete(&store, &due.claim).await;
    }
}
