//! When events are due, and the order of failures.

use std::time::Duration;

use kelviq_axum::{Claim, ClaimToken, Inbox, Store, contract::Harness};
use kelviq_core::{VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier};

use super::support::{InPostgres, InSqlite};
use crate::support::webhook::signed;

const SECOND: Duration = Duration::from_secs(1);

fn event(id: &str) -> VerifiedEvent {
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let body = format!(r#"{{"id":"{id}","type":"customer.created","data":{{"object":{{}}}}}}"#);
    let (parts, _) = signed(&secret, id, &body).into_parts();
    let headers = WebhookHeaders::from_pairs(&parts.headers);
    let event = WebhookVerifier::new(secret).verify(headers, body.as_bytes());
    event.unwrap()
}

async fn acquire<I: Inbox>(inbox: &I, id: &str) -> ClaimToken {
    match inbox.claim(&event(id)).await.unwrap() {
        Claim::Acquired(token) => token,
        other => panic!("{id} is {other:?}"),
    }
}

async fn a_postponed_event_is_due_after_its_time<H: Harness<Inbox: Store>>(harness: H) {
    let store = harness.create().await;
    let claim = acquire(&store, "evt_1").await;
    store.postpone(&claim, 10 * SECOND).await.unwrap();
    harness.advance(&store, 5 * SECOND).await;
    assert_eq!(store.due().await.unwrap(), None);
    harness.advance(&store, 6 * SECOND).await;
    let due = store.due().await.unwrap().unwrap();
    assert_eq!((&*due.event.id, due.attempts), ("evt_1", 1));

    assert!(store.complete(&due.claim).await.unwrap());
    store.postpone(&due.claim, Duration::ZERO).await.unwrap();
    assert_eq!(store.due().await.unwrap(), None);
    let handled = store.claim(&event("evt_1")).await.unwrap();
    assert_eq!(handled, Claim::Handled);
}

async fn the_most_recent_failure_is_the_first<H: Harness<Inbox: Store>>(harness: H) {
    let store = harness.create().await;
    for id in ["evt_2", "evt_1", "evt_3"] {
        let claim = acquire(&store, id).await;
        let later = |_| Some(60 * SECOND);
        assert!(store.fail(&claim, "a reason", later).await.unwrap());
        harness.advance(&store, SECOND).await;
    }
    for (limit, expected) in [
        (10, &["evt_3", "evt_1", "evt_2"][..]),
        (2, &["evt_3", "evt_1"]),
    ] {
        let failed = store.failed(limit).await.unwrap();
        let ids: Vec<_> = failed.iter().map(|failed| &*failed.id).collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test]
async fn a_postponed_event_in_sqlite_is_due_after_its_time() {
    a_postponed_event_is_due_after_its_time(InSqlite::new()).await;
}

#[tokio::test]
async fn a_postponed_event_in_postgres_is_due_after_its_time() {
    if let Some(postgres) = InPostgres::new("postponed") {
        a_postponed_event_is_due_after_its_time(postgres).await;
    }
}

#[tokio::test]
async fn the_most_recent_failure_in_sqlite_is_the_first() {
    the_most_recent_failure_is_the_first(InSqlite::new()).await;
}

#[tokio::test]
async fn the_most_recent_failure_in_postgres_is_the_first() {
    if let Some(postgres) = InPostgres::new("failures") {
        the_most_recent_failure_is_the_first(postgres).await;
    }
}
