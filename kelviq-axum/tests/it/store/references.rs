//! The references of checkouts in a store.

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::{get, post},
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, CheckoutReturn, CheckoutState, Claim, ClaimToken, DueEvent,
    FailedEvent, Inbox, MemoryInbox, Rejection, Shop, Store, StoreStatus, StoredEvent,
    contract::Harness, fake::FakeKelviq,
};
use kelviq_core::{ChargePeriod, VerifiedEvent};
use tokio::time::Instant;

use super::support::{InPostgres, InSqlite};
use crate::support::{form, log::Log, send};

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    plan.success_path("/thanks").redirect().await
}

async fn thanks(checkout: CheckoutReturn) -> &'static str {
    match checkout.state().await {
        CheckoutState::Paid(_) => "paid",
        CheckoutState::Pending => "not yet",
        CheckoutState::Closed => "ended",
        _ => "unknown",
    }
}

fn app(shop: Shop) -> Router {
    Router::new()
        .route("/buy", post(buy))
        .route("/thanks", get(thanks))
        .with_state(shop)
}

fn shop(kelviq: &FakeKelviq) -> Shop {
    Shop::new(kelviq.client(), "https://app.example.com").unwrap()
}

/// Starts a checkout. Returns the path of its success page.
async fn start_checkout(app: &Router, kelviq: &FakeKelviq) -> String {
    let response = send(app, form("/buy", "")).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
    let checkout = kelviq.checkouts().pop().unwrap();
    let url = checkout.fields["successUrl"].as_str().unwrap();
    url.strip_prefix("https://app.example.com")
        .unwrap()
        .to_owned()
}

async fn open(app: &Router, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    send(app, request).await.body
}

/// `first` and `second` are connections of two processes to one database.
async fn assert_found_elsewhere<S: Store>(first: S, second: S) {
    let kelviq = FakeKelviq::start().await;
    let path = start_checkout(&app(shop(&kelviq).store(first)), &kelviq).await;
    assert_eq!(open(&app(shop(&kelviq)), &path).await, "unknown");
    let restarted = || app(shop(&kelviq).store(second.clone()));
    assert_eq!(open(&restarted(), &path).await, "not yet");
    let _ = kelviq.pay(&kelviq.checkouts()[0].id);
    assert_eq!(open(&restarted(), &path).await, "paid");
    let unknown = format!("/thanks?reference={}", "0".repeat(32));
    assert_eq!(open(&restarted(), &unknown).await, "unknown");
}

#[tokio::test]
async fn a_reference_is_found_after_a_restart() {
    let sqlite = InSqlite::new();
    let first = sqlite.create().await;
    let second = sqlite.open(0).await;
    second.migrate().await.unwrap();
    assert_found_elsewhere(first, second).await;
}

#[tokio::test]
async fn a_reference_is_found_on_another_replica() {
    if let Some(postgres) = InPostgres::new("references") {
        let store = postgres.create().await;
        assert_found_elsewhere(store.clone(), store).await;
    }
}

#[tokio::test]
async fn a_store_that_hangs_delays_the_redirect_by_a_second() {
    let kelviq = FakeKelviq::start().await;
    let store = Hanging::default();
    let app = app(shop(&kelviq).store(store.clone()));
    let log = Log::start();
    let path = start_checkout(&app, &kelviq).await;
    store.assert_waited_for_a_second();
    let errors = log.with("the session was not stored");
    let reference = path.split_once("reference=").unwrap().1;
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].starts_with("ERROR") && errors[0].contains(reference),
        "{errors:?}"
    );
    // This process still knows the session.
    tokio::time::resume();
    assert_eq!(open(&app, &path).await, "not yet");
}

#[tokio::test]
async fn a_store_that_hangs_delays_the_success_page_by_a_second() {
    let kelviq = FakeKelviq::start().await;
    let path = start_checkout(&app(shop(&kelviq)), &kelviq).await;
    let store = Hanging::default();
    let log = Log::start();
    assert_eq!(
        open(&app(shop(&kelviq).store(store.clone())), &path).await,
        "not yet"
    );
    store.assert_waited_for_a_second();
    let warnings = log.with("could not be read from the store");
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("WARN"), "{warnings:?}");
}

/// A store that never responds. It pauses tokio's clock at the first call, so that the caller's timeout passes at once.
#[derive(Clone, Default)]
pub(super) struct Hanging(Arc<Mutex<Option<Instant>>>);

impl Hanging {
    async fn hang<T>(&self) -> T {
        tokio::time::pause();
        *self.0.lock().unwrap() = Some(Instant::now());
        pending().await
    }

    fn assert_waited_for_a_second(&self) {
        let waited = self.0.lock().unwrap().unwrap().elapsed();
        // Timers have a resolution of a millisecond.
        assert!(waited.as_millis().abs_diff(1000) <= 1, "{waited:?}");
    }
}

type StoreResult<T> = Result<T, <MemoryInbox as Inbox>::Error>;

impl Inbox for Hanging {
    type Error = <MemoryInbox as Inbox>::Error;

    async fn claim(&self, _: &VerifiedEvent) -> StoreResult<Claim> {
        self.hang().await
    }

    async fn renew(&self, _: &ClaimToken) -> StoreResult<bool> {
        self.hang().await
    }

    async fn complete(&self, _: &ClaimToken) -> StoreResult<bool> {
        self.hang().await
    }

    async fn release(&self, _: &ClaimToken) -> StoreResult<()> {
        self.hang().await
    }
}

impl Store for Hanging {
    async fn keep(&self, _: &StoredEvent, _: Duration) -> StoreResult<bool> {
        self.hang().await
    }

    async fn due(&self) -> StoreResult<Option<DueEvent>> {
        self.hang().await
    }

    async fn fail(
        &self,
        _: &ClaimToken,
        _: &str,
        _: impl Fn(u32) -> Option<Duration> + Send + Sync,
    ) -> StoreResult<bool> {
        self.hang().await
    }

    async fn postpone(&self, _: &ClaimToken, _: Duration) -> StoreResult<()> {
        self.hang().await
    }

    async fn failed(&self, _: u32) -> StoreResult<Vec<FailedEvent>> {
        self.hang().await
    }

    async fn replay(&self, _: &str) -> StoreResult<bool> {
        self.hang().await
    }

    async fn purge(&self, _: Duration, _: Duration) -> StoreResult<u64> {
        self.hang().await
    }

    async fn has_checkout(&self, _: &str, _: &str) -> StoreResult<bool> {
        self.hang().await
    }

    async fn insert_reference(&self, _: &str, _: &str) -> StoreResult<()> {
        self.hang().await
    }

    async fn session_id(&self, _: &str) -> StoreResult<Option<String>> {
        self.hang().await
    }

    async fn created_at(&self) -> StoreResult<SystemTime> {
        self.hang().await
    }

    async fn reconciled_at(&self) -> StoreResult<SystemTime> {
        self.hang().await
    }

    async fn set_reconciled_at(&self, _: SystemTime) -> StoreResult<()> {
        self.hang().await
    }

    async fn status(&self) -> StoreResult<StoreStatus> {
        self.hang().await
    }
}
