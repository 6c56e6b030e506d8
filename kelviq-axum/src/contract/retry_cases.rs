//! Events whose handler failed.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::{
    case::Case,
    events::event,
    harness::Harness,
    inbox_cases::lease,
    store_cases::{due, expect_none_due, keep, take},
};
use crate::{
    store::{store_trait::Store, stored_event::FailedEvent},
    webhook::inbox::ClaimToken,
};

const MINUTE: Duration = Duration::from_secs(60);

pub(super) async fn run<H: Harness<Inbox: Store>>(harness: &H) {
    a_failed_event(harness).await;
    a_postponed_event(harness).await;
    a_dead_event(harness).await;
    replay(harness).await;
    a_completed_event(harness).await;
    status(harness).await;
}

async fn fail<S: Store>(case: Case, store: &S, claim: &ClaimToken, retry_in: Option<Duration>) {
    let is_failed = case.ok(store.fail(claim, "no stock", |_| retry_in).await, "fail");
    case.expect(is_failed, "`fail` of the claim to return true");
    case.expect_lost(store, claim, "after `fail`").await;
    let is_failed = case.ok(store.fail(claim, "again", |_| None).await, "fail");
    case.expect(!is_failed, "a second `fail` of the claim to return false");
}

async fn failed<S: Store>(case: Case, store: &S) -> Vec<FailedEvent> {
    case.ok(store.failed(10).await, "failed")
}

async fn a_failed_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a failed event");
    let store = harness.create().await;
    keep(case, &store, &event("evt_failed"), Duration::ZERO).await;
    for attempt in 1..=3 {
        let claim = take(case, &store, "after its pause").await.claim;
        let attempts = AtomicU32::new(0);
        let retry_in = |count| {
            attempts.store(count, Ordering::Relaxed);
            Some(MINUTE * count)
        };
        let is_failed = case.ok(store.fail(&claim, "no stock", retry_in).await, "fail");
        case.expect(is_failed, "`fail` of the claim to return true");
        case.equal(
            attempts.into_inner(),
            attempt,
            "the number of claims that `retry_in` gets",
        );
        case.expect_lost(&store, &claim, "after `fail`").await;
        let listed = failed(case, &store).await;
        case.equal(listed.len(), 1, "the number of failed events");
        let FailedEvent {
            id,
            event_type,
            attempts,
            reason,
            due_at,
            failed_at,
            ..
        } = &listed[0];
        case.equal(
            (&**id, &**event_type, &**reason, *attempts),
            ("evt_failed", "customer.created", "no stock", attempt),
            "the failed event",
        );
        case.equal(
            *due_at,
            Some(*failed_at + MINUTE * attempt),
            "the time of the next attempt",
        );
        harness.advance(&store, MINUTE * attempt / 2).await;
        expect_none_due(case, &store, "before its pause has ended").await;
        harness.advance(&store, MINUTE * attempt / 2).await;
    }
    let claim = take(case, &store, "after its pause").await.claim;
    case.complete(&store, &claim).await;
    case.equal(
        failed(case, &store).await.len(),
        0,
        "the number of failed events after the completion",
    );
    harness.advance(&store, MINUTE * 60).await;
    expect_none_due(case, &store, "after its completion").await;
}

async fn a_postponed_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a postponed event");
    let store = harness.create().await;
    keep(case, &store, &event("evt_postponed"), Duration::ZERO).await;
    for _ in 0..3 {
        let due = take(case, &store, "after its pause").await;
        case.equal(due.attempts, 1, "the number of attempts");
        case.ok(store.postpone(&due.claim, MINUTE).await, "postpone");
        case.expect_lost(&store, &due.claim, "after `postpone`")
            .await;
        expect_none_due(case, &store, "before the end of the pause").await;
        harness.advance(&store, MINUTE).await;
    }
    let failed = failed(case, &store).await;
    case.expect(
        failed.is_empty(),
        "a postponed event not to be a failed one",
    );
}

async fn a_dead_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a dead event");
    let (store, event) = (harness.create().await, event("evt_dead"));
    keep(case, &store, &event, Duration::ZERO).await;
    let claim = take(case, &store, "at once").await.claim;
    fail(case, &store, &claim, None).await;
    harness.advance(&store, MINUTE * 60 * 24).await;
    expect_none_due(case, &store, "although it is dead").await;
    let listed = failed(case, &store).await;
    case.equal(listed.len(), 1, "the number of failed events");
    case.equal(listed[0].due_at, None, "the time of the next attempt");
    let claim = case
        .acquire(&store, &event, "of a dead event that is delivered again")
        .await;
    case.complete(&store, &claim).await;
    case.equal(
        failed(case, &store).await.len(),
        0,
        "the number of failed events after the completion",
    );
}

async fn replay<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("replay");
    let store = harness.create().await;
    let replay = async |id: &str| case.ok(store.replay(id).await, "replay");
    case.expect(
        !replay("evt_unknown").await,
        "`replay` of an unknown event to return false",
    );
    for (id, retry_in) in [("evt_failed", Some(MINUTE)), ("evt_dead", None)] {
        keep(case, &store, &event(id), Duration::ZERO).await;
        let claim = take(case, &store, "at once").await.claim;
        case.expect(
            !replay(id).await,
            "`replay` of an event that is being handled to return false",
        );
        fail(case, &store, &claim, retry_in).await;
        expect_none_due(case, &store, "before the replay").await;
        case.expect(
            replay(id).await,
            "`replay` of a failed or dead event to return true",
        );
        let due = take(case, &store, "after the replay").await;
        case.equal(
            (&*due.event.id, due.attempts),
            (id, 1),
            "the replayed event and its number of attempts",
        );
        case.complete(&store, &due.claim).await;
        case.expect(
            !replay(id).await,
            "`replay` of a completed event to return false",
        );
        expect_none_due(case, &store, "after the replay of a completed event").await;
    }
    harness.advance(&store, MINUTE).await;
    let purged = store.purge(Duration::ZERO, MINUTE * 60).await;
    case.equal(case.ok(purged, "purge"), 2, "the number of purged rows");
    case.expect(
        !replay("evt_dead").await,
        "`replay` of an event without a body to return false",
    );
    case.expect_handled(&store, &event("evt_dead"), "after its body was purged")
        .await;
}

async fn a_completed_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("the failure of a completed event");
    let (store, event) = (harness.create().await, event("evt_done"));
    let claim = case.acquire(&store, &event, "of a new event").await;
    case.complete(&store, &claim).await;
    let is_failed = case.ok(store.fail(&claim, "late", |_| None).await, "fail");
    case.expect(
        !is_failed,
        "`fail` under the token of the completion to return false",
    );
    let is_renewed = case.ok(
        crate::webhook::inbox::Inbox::renew(&store, &claim).await,
        "renew",
    );
    case.expect(
        is_renewed,
        "`renew` under the token of the completion to return true",
    );
    harness.advance(&store, lease::<H::Inbox>()).await;
    expect_none_due(case, &store, "after its completion").await;
    case.equal(
        failed(case, &store).await.len(),
        0,
        "the number of failed events",
    );
    case.expect_handled(&store, &event, "after its completion")
        .await;
}

async fn status<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("status");
    let store = harness.create().await;
    let status = async || case.ok(store.status().await, "status");
    let empty = status().await;
    case.equal(
        (empty.waiting, empty.oldest_waiting, empty.dead),
        (0, None, 0),
        "the status of an empty store",
    );
    for id in ["evt_1", "evt_2", "evt_3"] {
        keep(case, &store, &event(id), Duration::ZERO).await;
    }
    harness.advance(&store, MINUTE).await;
    let claim = take(case, &store, "at once").await.claim;
    fail(case, &store, &claim, None).await;
    let claimed = due(case, &store).await;
    case.expect(claimed.is_some(), "a second event to be due");
    let now = status().await;
    case.equal(
        (now.waiting, now.dead),
        (2, 1),
        "the numbers of waiting and dead events",
    );
    let oldest = now.oldest_waiting.unwrap_or_default();
    case.expect(
        oldest >= MINUTE && oldest < MINUTE * 2,
        "the oldest waiting event to be a minute old",
    );
}
