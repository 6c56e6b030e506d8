//! Claims of checkouts, which expire as those of events do.

use std::time::Duration;

use kelviq_axum::{Claim, ClaimToken, Inbox, Store, StoreStatus, contract::Harness};
use kelviq_core::{VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier};

use super::support::{InMemory, InPostgres, InSqlite};
use crate::support::webhook::signed;

fn checkout() -> VerifiedEvent {
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    let (parts, _) = signed(&secret, "evt_1", body).into_parts();
    let headers = WebhookHeaders::from_pairs(&parts.headers);
    let event = WebhookVerifier::new(secret).verify(headers, body.as_bytes());
    event.unwrap().with_claim_id("checkout:cs_1".into())
}

async fn acquire<I: Inbox>(inbox: &I) -> ClaimToken {
    match inbox.claim(&checkout()).await.unwrap() {
        Claim::Acquired(token) => token,
        other => panic!("the checkout is {other:?}"),
    }
}

async fn is_in_progress<I: Inbox>(inbox: &I) -> bool {
    let claim = inbox.claim(&checkout()).await.unwrap();
    matches!(claim, Claim::InProgress { .. })
}

async fn a_claim_that_expired_belongs_to_the_next<H: Harness>(harness: H) {
    let inbox = harness.create().await;
    let lease = H::Inbox::LEASE;
    let lost = acquire(&inbox).await;
    harness
        .advance(&inbox, lease + Duration::from_secs(1))
        .await;
    let claim = acquire(&inbox).await;
    assert!(is_in_progress(&inbox).await);
    assert!(!inbox.renew(&lost).await.unwrap());
    assert!(!inbox.complete(&lost).await.unwrap());
    inbox.release(&lost).await.unwrap();
    harness.advance(&inbox, lease * 3 / 4).await;
    assert!(is_in_progress(&inbox).await);
    assert!(inbox.renew(&claim).await.unwrap());
    harness.advance(&inbox, lease * 3 / 4).await;
    assert!(is_in_progress(&inbox).await);

    inbox.release(&claim).await.unwrap();
    let claim = acquire(&inbox).await;
    assert!(inbox.complete(&claim).await.unwrap());
    harness.advance(&inbox, 2 * lease).await;
    let handled = inbox.claim(&checkout()).await.unwrap();
    assert_eq!(handled, Claim::Handled);
}

/// The claim of a checkout is no event that waits.
async fn a_claim_does_not_wait<H: Harness<Inbox: Store>>(harness: H) {
    let store = harness.create().await;
    let claim = acquire(&store).await;
    assert!(store.renew(&claim).await.unwrap());
    assert_eq!(store.status().await.unwrap(), StoreStatus::default());
    store.release(&claim).await.unwrap();
    assert_eq!(store.status().await.unwrap(), StoreStatus::default());
    assert_eq!(store.due().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_claim_in_memory_that_expired_belongs_to_the_next() {
    a_claim_that_expired_belongs_to_the_next(InMemory).await;
}

#[tokio::test]
async fn a_claim_in_sqlite_that_expired_belongs_to_the_next() {
    a_claim_that_expired_belongs_to_the_next(InSqlite::new()).await;
}

#[tokio::test]
async fn a_claim_in_sqlite_does_not_wait() {
    a_claim_does_not_wait(InSqlite::new()).await;
}

#[tokio::test]
async fn a_claim_in_postgres_that_expired_belongs_to_the_next() {
    if let Some(postgres) = InPostgres::new("checkout_claims") {
        a_claim_that_expired_belongs_to_the_next(postgres).await;
    }
}

#[tokio::test]
async fn a_claim_in_postgres_does_not_wait() {
    if let Some(postgres) = InPostgres::new("waiting_claims") {
        a_claim_does_not_wait(postgres).await;
    }
}
