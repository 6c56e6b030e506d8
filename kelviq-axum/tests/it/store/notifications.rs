//! Notifications about handled events.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, handler::Handler, http::StatusCode, routing::post};
use kelviq_axum::{
    __internal::{AwaitedSession, FoundSession, find_session},
    Checkout, CheckoutRedirect, Claim, Event, Inbox, PostgresStore, Reference, Rejection, Shop,
    Store, StoreTransaction, Webhooks,
    contract::Harness,
    fake::FakeKelviq,
};
use kelviq_core::{ChargePeriod, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier};
use sqlx::{PgPool, SqlitePool};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    references::Hanging,
    support::{InPostgres, InSqlite},
};
use crate::support::{
    form, send,
    webhook::{PATH, signed},
};

/// Longer than a notification takes.
const SOON: Duration = Duration::from_secs(10);

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    let plan = plan.customer("cust_1").success_path("/thanks");
    plan.redirect().await
}

fn shop(kelviq: &FakeKelviq, store: impl Store) -> Shop {
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    shop.store(store)
}

/// Starts a checkout. Returns its reference.
async fn start_checkout(shop: &Shop, kelviq: &FakeKelviq) -> Reference {
    let app = Router::new()
        .route("/buy", post(buy))
        .with_state(shop.clone());
    let response = send(&app, form("/buy", "")).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
    let checkout = kelviq.checkouts().pop().unwrap();
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let (_, reference) = success_url.rsplit_once('=').unwrap();
    reference.parse().unwrap()
}

async fn awaited(shop: &Shop, reference: &Reference) -> AwaitedSession {
    match find_session(shop, reference).await {
        FoundSession::Known(session) => session,
        other => panic!("{other:?}"),
    }
}

/// Responds with each status in turn.
type Statuses = Arc<(AtomicUsize, [StatusCode; 2])>;

async fn respond(State(statuses): State<Statuses>, _: Event) -> StatusCode {
    statuses.1[statuses.0.fetch_add(1, Ordering::SeqCst)]
}

#[tokio::test]
async fn a_session_has_ended_and_its_page_is_notified_once_its_event_was_handled() {
    let kelviq = FakeKelviq::start().await;
    let sqlite = InSqlite::new();
    let store = sqlite.create().await;
    let shop = shop(&kelviq, store.clone());
    let reference = start_checkout(&shop, &kelviq).await;
    let mut session = awaited(&shop, &reference).await;
    let statuses = [StatusCode::BAD_GATEWAY, StatusCode::OK];
    let statuses = Arc::new((AtomicUsize::new(0), statuses));
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store, statuses, respond);
    let webhooks = webhooks.shop(shop.clone());
    let router: Router = Router::new().route(PATH, webhooks.route());
    let payment = kelviq.pay(&kelviq.checkouts()[0].id);

    let failed = payment.deliver_to(&router, PATH).await;
    assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let early = timeout(Duration::from_millis(50), session.changed()).await;
    assert!(early.is_err());
    assert_eq!(start_checkout(&shop, &kelviq).await, reference);

    let handled = payment.deliver_to(&router, PATH).await;
    assert_eq!(handled.status(), StatusCode::OK);
    assert!(timeout(SOON, session.changed()).await.unwrap());
    assert_ne!(start_checkout(&shop, &kelviq).await, reference);
}

#[tokio::test]
async fn a_page_is_notified_when_a_stored_event_was_handled() {
    let kelviq = FakeKelviq::start().await;
    let sqlite = InSqlite::new();
    let store = sqlite.create().await;
    let shop = shop(&kelviq, store.clone());
    let reference = start_checkout(&shop, &kelviq).await;
    let mut session = awaited(&shop, &reference).await;
    let statuses = [StatusCode::BAD_GATEWAY, StatusCode::OK];
    let statuses = Arc::new((AtomicUsize::new(0), statuses));
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store.clone(), statuses, respond);
    let webhooks = webhooks.shop(shop);
    let router: Router = Router::new().route(PATH, webhooks.route());
    let payment = kelviq.pay(&kelviq.checkouts()[0].id);
    let _ = payment.deliver_to(&router, PATH).await;
    assert!(store.replay(payment.event_id()).await.unwrap());
    assert_eq!(webhooks.handle_due().await.unwrap(), 1);
    assert!(timeout(SOON, session.changed()).await.unwrap());
}

/// Delivers an event to a handler that commits. Asserts that the response is 500, and that the page is notified.
async fn assert_notified_after_500<T: 'static>(on_event: impl Handler<T, SqlitePool>) {
    let kelviq = FakeKelviq::start().await;
    let sqlite = InSqlite::new();
    let store = sqlite.create().await;
    let shop = shop(&kelviq, store.clone());
    let reference = start_checkout(&shop, &kelviq).await;
    let mut session = awaited(&shop, &reference).await;
    let pool = store.pool().clone();
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store, pool, on_event);
    let webhooks = webhooks.shop(shop);
    let router: Router = Router::new().route(PATH, webhooks.route());
    let payment = kelviq.pay(&kelviq.checkouts()[0].id);
    let response = payment.deliver_to(&router, PATH).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(timeout(SOON, session.changed()).await.unwrap());
}

/// Commits, and then fails.
async fn commit_and_fail(State(pool): State<SqlitePool>, event: Event) -> Result<(), StatusCode> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    event.complete(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    Err(StatusCode::BAD_GATEWAY)
}

#[tokio::test]
async fn a_page_is_notified_although_the_handler_failed_after_its_commit() {
    assert_notified_after_500(commit_and_fail).await;
}

/// Commits, and then loses the connections to the database.
async fn commit_and_disconnect(State(pool): State<SqlitePool>, event: Event) {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    event.complete(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn a_page_is_notified_although_it_is_not_known_whether_the_handler_committed() {
    assert_notified_after_500(commit_and_disconnect).await;
}

#[tokio::test]
async fn pages_poll_unless_the_store_says_that_they_are_notified() {
    let hanging = Hanging::default();
    let listen = hanging.listen(|session_id| panic!("{session_id:?}"));
    assert!(timeout(Duration::ZERO, listen).await.is_err());

    let sqlite = InSqlite::new();
    let store = sqlite.create().await;
    let (sender, mut reports) = mpsc::unbounded_channel();
    let listen = store.listen(|session_id| sender.send(session_id.map(str::to_owned)).unwrap());
    assert!(timeout(Duration::ZERO, listen).await.is_err());
    assert_eq!(reports.try_recv().unwrap(), None);
}

async fn in_transaction(State(pool): State<PgPool>, event: Event) -> Result<(), StatusCode> {
    let internal = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let mut tx = pool.begin().await.map_err(internal)?;
    event
        .complete(&mut tx)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    tx.commit().await.map_err(internal)
}

/// Waits until success pages of the shop are notified.
async fn wait_for_notifications(session: &mut AwaitedSession) {
    while !session.is_notified() {
        assert!(!timeout(SOON, session.changed()).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_notified_of_an_event_that_another_replica_handled() {
    let Some(postgres) = InPostgres::new("notified_by_replicas") else {
        return;
    };
    let (store, schema) = postgres.create_schema().await;
    // The names of the schema and of the tables make the name of the channel longer than 63 bytes.
    let prefix = format!("{schema}.{}", "t".repeat(32));
    let store = store.table_prefix(&prefix).unwrap();
    store.migrate().await.unwrap();
    let other = postgres.connect(&schema).await;
    let other = other.table_prefix(&prefix).unwrap();
    for is_in_transaction in [false, true] {
        let kelviq = FakeKelviq::start().await;
        let page = shop(&kelviq, other.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let webhooks = Webhooks::new(
            kelviq.webhook_secret(),
            other.clone(),
            (),
            async |_: Event| {},
        );
        let webhooks = webhooks.shop(page.clone());
        let running = tokio::spawn(webhooks.run(async { drop(stopped.await) }));

        let seller = shop(&kelviq, store.clone());
        let reference = start_checkout(&seller, &kelviq).await;
        let mut session = awaited(&page, &reference).await;
        wait_for_notifications(&mut session).await;
        let payment = kelviq.pay(&kelviq.checkouts()[0].id);
        let secret = kelviq.webhook_secret();
        let webhooks = if is_in_transaction {
            Webhooks::new(secret, store.clone(), store.pool().clone(), in_transaction)
        } else {
            Webhooks::new(secret, store.clone(), (), async |_: Event| {})
        };
        let router: Router = Router::new().route(PATH, webhooks.shop(seller).route());
        let response = payment.deliver_to(&router, PATH).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(timeout(SOON, session.changed()).await.unwrap());
        drop(stop);
        running.await.unwrap();
        assert!(!session.is_notified());
    }
}

/// The reports of [`Store::listen`].
struct Reports(mpsc::UnboundedReceiver<Option<String>>);

impl Reports {
    /// Listens in a task, and returns after notifications have begun.
    async fn of(store: &PostgresStore) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let store = store.clone();
        tokio::spawn(async move {
            let report = |session_id: Option<&str>| {
                let _ = sender.send(session_id.map(str::to_owned));
            };
            store.listen(report).await
        });
        let mut reports = Self(receiver);
        assert_eq!(reports.next().await, None);
        reports
    }

    async fn next(&mut self) -> Option<String> {
        let next = timeout(SOON, self.0.recv()).await.unwrap();
        next.unwrap()
    }
}

fn event(id: &str, event_type: &str) -> VerifiedEvent {
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let body =
        format!(r#"{{"id":"{id}","type":"{event_type}","data":{{"object":{{"id":"cs_{id}"}}}}}}"#);
    let (parts, _) = signed(&secret, id, &body).into_parts();
    let headers = WebhookHeaders::from_pairs(&parts.headers);
    let event = WebhookVerifier::new(secret).verify(headers, body.as_bytes());
    event.unwrap()
}

/// Completes a `checkout.completed`, in a transaction that is committed or rolled back.
async fn complete(store: &PostgresStore, id: &str, is_committed: bool) {
    let claim = match store.claim(&event(id, "checkout.completed")).await.unwrap() {
        Claim::Acquired(claim) => claim,
        other => panic!("{other:?}"),
    };
    let mut tx = store.pool().begin().await.unwrap();
    assert!(
        StoreTransaction::complete(&mut tx, store, &claim)
            .await
            .unwrap()
    );
    if is_committed {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_commit_of_a_completed_checkout_is_notified() {
    let Some(postgres) = InPostgres::new("commit") else {
        return;
    };
    let store = postgres.create().await;
    let mut reports = Reports::of(&store).await;
    complete(&store, "rolled_back", false).await;
    let other = event("other", "customer.created");
    let Claim::Acquired(claim) = store.claim(&other).await.unwrap() else {
        panic!("the event was not claimed");
    };
    assert!(store.complete(&claim).await.unwrap());
    complete(&store, "committed", true).await;
    assert_eq!(reports.next().await.as_deref(), Some("cs_committed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_replaced_and_reported() {
    let Some(postgres) = InPostgres::new("reconnect") else {
        return;
    };
    let store = postgres.create().await;
    let mut reports = Reports::of(&store).await;
    let ended: i64 = sqlx::query_scalar(
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE query LIKE 'LISTEN%' AND application_name = $1",
    )
    .bind(postgres.application_name())
    .fetch_one(store.pool())
    .await
    .unwrap();
    assert_eq!(ended, 1);
    assert_eq!(reports.next().await, None);
    complete(&store, "after", true).await;
    assert_eq!(reports.next().await.as_deref(), Some("cs_after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn listening_does_not_take_a_connection_of_the_application() {
    let Some(postgres) = InPostgres::new("single") else {
        return;
    };
    let (store, _) = postgres.create_schema().await;
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(SOON);
    let options = (*store.pool().connect_options()).clone();
    let store = PostgresStore::new(pool.connect_with(options).await.unwrap());
    store.migrate().await.unwrap();
    let mut reports = Reports::of(&store).await;
    complete(&store, "single", true).await;
    assert_eq!(reports.next().await.as_deref(), Some("cs_single"));
}
