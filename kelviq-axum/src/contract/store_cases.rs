//! Events and references that a store keeps.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use futures_util::future::join_all;
use kelviq_core::VerifiedEvent;

use super::{
    case::Case,
    events::{checkout, event},
    harness::Harness,
    inbox_cases::lease,
};
use crate::{
    store::{
        store_trait::Store,
        stored_event::{DueEvent, StoredEvent},
    },
    webhook::inbox::Inbox,
};

pub(super) async fn run<H: Harness<Inbox: Store>>(harness: &H) {
    a_kept_event(harness).await;
    a_claimed_event(harness).await;
    racers(harness).await;
    a_crash_between_claim_and_completion(harness).await;
    checkouts(harness).await;
    references(harness).await;
    times(harness).await;
}

pub(super) fn stored(case: Case, event: &VerifiedEvent) -> StoredEvent {
    let Some(stored) = StoredEvent::of(event) else {
        panic!("contract: {}: the suite's own event has no data", case.0);
    };
    stored
}

pub(super) async fn keep<S: Store>(case: Case, store: &S, event: &VerifiedEvent, due_in: Duration) {
    let is_new = case.ok(store.keep(&stored(case, event), due_in).await, "keep");
    case.expect(is_new, "`keep` of a new event to return true");
}

pub(super) async fn due<S: Store>(case: Case, store: &S) -> Option<DueEvent> {
    case.ok(store.due().await, "due")
}

pub(super) async fn take<S: Store>(case: Case, store: &S, when: &str) -> DueEvent {
    let Some(due) = due(case, store).await else {
        panic!("contract: {}: expected an event to be due {when}", case.0);
    };
    due
}

pub(super) async fn expect_none_due<S: Store>(case: Case, store: &S, when: &str) {
    let due = due(case, store).await.map(|due| due.event.id);
    case.equal(due, None, &format!("the due event {when}"));
}

/// Claims all events that are due.
pub(super) async fn take_all<S: Store>(case: Case, store: &S) -> Vec<DueEvent> {
    let mut events = Vec::new();
    while let Some(due) = due(case, store).await {
        events.push(due);
    }
    events
}

async fn a_kept_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a kept event");
    let store = harness.create().await;
    let row = StoredEvent {
        id: "evt_kept".into(),
        event_type: "checkout.completed".into(),
        session_id: Some("cs_kept".into()),
        source: "webhook_log".into(),
        headers: "webhook-id: evt_kept\nwebhook-signature: v1,x\n".into(),
        body: (0..=255).cycle().take(100_000).collect(),
    };
    let minute = Duration::from_secs(60);
    let is_new = case.ok(store.keep(&row, minute).await, "keep");
    case.expect(is_new, "`keep` of a new event to return true");
    let other = StoredEvent {
        body: b"other".into(),
        ..row.clone()
    };
    let is_new = case.ok(store.keep(&other, Duration::ZERO).await, "keep");
    case.expect(!is_new, "`keep` of a known event to return false");
    expect_none_due(case, &store, "before its time").await;
    harness.advance(&store, minute).await;
    let due = take(case, &store, "at its time").await;
    case.expect(due.event == row, "the due event to be as it was kept first");
    case.equal(due.attempts, 1, "the number of claims");
    case.equal(
        &*due.claim.event_id,
        "evt_kept",
        "the event id of the token",
    );
    expect_none_due(case, &store, "while it is claimed").await;
    case.complete(&store, &due.claim).await;
    harness.advance(&store, lease::<H::Inbox>()).await;
    expect_none_due(case, &store, "after its completion").await;
    let is_new = case.ok(store.keep(&row, Duration::ZERO).await, "keep");
    case.expect(!is_new, "`keep` of a completed event to return false");
    expect_none_due(case, &store, "after `keep` of a completed event").await;
}

async fn a_claimed_event<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a claimed event");
    let store = harness.create().await;
    let (kept, unknown) = (event("evt_kept"), checkout("evt_unknown"));
    keep(case, &store, &kept, Duration::ZERO).await;
    let claim = case.acquire(&store, &kept, "of a kept event").await;
    expect_none_due(case, &store, "while it is claimed").await;
    case.complete(&store, &claim).await;
    case.acquire(&store, &unknown, "of an unknown event").await;
    case.acquire(
        &store,
        &unknown.with_claim_id("checkout:1".into()),
        "of a checkout",
    )
    .await;
    harness.advance(&store, lease::<H::Inbox>()).await;
    let due = take(case, &store, "after a claim that stored it").await;
    case.expect(
        due.event == stored(case, &unknown),
        "`claim` to store the event",
    );
    expect_none_due(
        case,
        &store,
        "although only the claim of a checkout has expired",
    )
    .await;
    case.ok(store.release(&due.claim).await, "release");
    let due = take(case, &store, "after its release").await;
    case.equal(due.attempts, 3, "the number of claims");
}

async fn racers<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("racers for due events");
    let store = harness.create().await;
    for number in 0..8 {
        keep(
            case,
            &store,
            &event(&format!("evt_{number}")),
            Duration::ZERO,
        )
        .await;
    }
    let racers = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.due().await })
    });
    let mut ids = Vec::new();
    for due in join_all(racers).await {
        let due = case.ok(case.ok(due, "due"), "due");
        ids.extend(due.map(|due| due.event.id));
    }
    // A store may skip rows that another call is claiming.
    ids.extend(
        take_all(case, &store)
            .await
            .into_iter()
            .map(|due| due.event.id),
    );
    let distinct: HashSet<_> = ids.iter().collect();
    case.equal(distinct.len(), 8, "the number of events that were claimed");
    case.equal(ids.len(), 8, "the number of claims");
}

async fn a_crash_between_claim_and_completion<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a crash between claim and completion of a due event");
    let (store, event) = (harness.create().await, event("evt_crash"));
    keep(case, &store, &event, Duration::ZERO).await;
    let lost = take(case, &store, "at once").await.claim;
    harness.advance(&store, lease::<H::Inbox>()).await;
    let due = take(case, &store, "after its lease expired").await;
    case.equal(due.attempts, 2, "the number of claims");
    case.expect_lost(&store, &lost, "after another claim").await;
    let is_failed = case.ok(store.fail(&lost, "late", |_| None).await, "fail");
    case.expect(!is_failed, "`fail` of a lost claim to return false");
    case.equal(
        case.ok(store.failed(10).await, "failed").len(),
        0,
        "the number of failed events",
    );
    for _ in 0..2 {
        harness.advance(&store, H::Inbox::LEASE * 2 / 3).await;
        expect_none_due(case, &store, "while its claim is renewed").await;
        let is_renewed = case.ok(store.renew(&due.claim).await, "renew");
        case.expect(is_renewed, "`renew` of the claim to return true");
    }
    case.complete(&store, &due.claim).await;
}

async fn checkouts<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("known checkouts");
    let store = harness.create().await;
    let has = async |session_id: &str, claim_id: &str| {
        case.ok(
            store.has_checkout(session_id, claim_id).await,
            "has_checkout",
        )
    };
    case.expect(
        !has("cs_evt_1", "checkout:cs_evt_1").await,
        "an unknown checkout to be unknown",
    );
    keep(case, &store, &checkout("evt_1"), Duration::ZERO).await;
    case.expect(
        has("cs_evt_1", "checkout:cs_evt_1").await,
        "the session of a kept event to be known",
    );
    let claimed = event("evt_2").with_claim_id("checkout:2".into());
    let claim = case.acquire(&store, &claimed, "of a checkout").await;
    case.expect(
        !has("cs_2", "checkout:2").await,
        "a checkout that is only claimed to be unknown",
    );
    case.complete(&store, &claim).await;
    case.expect(
        has("cs_2", "checkout:2").await,
        "a completed checkout to be known",
    );
}

async fn references<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("references");
    let store = harness.create().await;
    let get = async |reference: &str| case.ok(store.session_id(reference).await, "session_id");
    case.equal(
        get("ref_1").await,
        None,
        "the session of an unknown reference",
    );
    for (reference, session_id) in [("ref_1", "cs_1"), ("ref_2", "cs_2"), ("ref_1", "cs_3")] {
        let inserted = store.insert_reference(reference, session_id).await;
        case.ok(inserted, "insert_reference");
    }
    case.equal(
        get("ref_1").await.as_deref(),
        Some("cs_3"),
        "the session of a reference that was set twice",
    );
    case.equal(
        get("ref_2").await.as_deref(),
        Some("cs_2"),
        "the session of a reference",
    );
}

async fn times<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("the time of the last reconciliation");
    let store = harness.create().await;
    let created_at = case.ok(store.created_at().await, "created_at");
    let age = SystemTime::now()
        .duration_since(created_at)
        .unwrap_or_default();
    case.expect(
        age < Duration::from_secs(3600),
        "a new store to have been created within the last hour",
    );
    let last = async || case.ok(store.reconciled_at().await, "reconciled_at");
    case.equal(
        last().await,
        created_at,
        "the time before the first reconciliation",
    );
    let second = Duration::from_secs(1);
    harness.advance(&store, second * 60).await;
    for time in [created_at + second, created_at] {
        case.ok(store.set_reconciled_at(time).await, "set_reconciled_at");
        case.expect(
            last().await >= created_at,
            "the last reconciliation not to go back",
        );
    }
    let future = created_at + second * 7200;
    for time in [future, future - second] {
        case.ok(store.set_reconciled_at(time).await, "set_reconciled_at");
        case.equal(
            last().await,
            time,
            "a time after one in the future, which a wrong clock has stored",
        );
    }
    case.equal(
        case.ok(store.created_at().await, "created_at"),
        created_at,
        "the time of creation",
    );
}
