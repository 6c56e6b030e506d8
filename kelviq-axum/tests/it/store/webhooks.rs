//! The webhook route with a store.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{FromRef, State},
    http::{Method, StatusCode},
    routing::post,
};
use kelviq_axum::{
    Claim, ClaimToken, CompleteError, Event, Inbox, MemoryInbox, SqliteStore, Store, StoredEvent,
    Webhook, Webhooks, webhook,
};
use kelviq_core::{EventSource, WebhookHeaders, WebhookSecret, WebhookVerifier};
use serde_json::json;
use sqlx::SqlitePool;
use tempfile::TempDir;
use tokio::sync::{Semaphore, mpsc};

use crate::support::{
    log::Log,
    send,
    webhook::{PATH, signed},
};

const BODY: &str = r#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;

fn secret() -> WebhookSecret {
    WebhookSecret::new("kq_whsec_test").unwrap()
}

async fn store() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("shop.db"))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    sqlx::query("CREATE TABLE effects (event TEXT NOT NULL)")
        .execute(store.pool())
        .await
        .unwrap();
    (store, folder)
}

/// Claims the checkout that an event completes.
async fn claim_checkout(store: &SqliteStore, event_id: &str, body: &str) -> ClaimToken {
    let (parts, _) = signed(&secret(), event_id, body).into_parts();
    let headers = WebhookHeaders::from_pairs(&parts.headers);
    let event = WebhookVerifier::new(secret()).verify(headers, body.as_bytes());
    let event = event.unwrap().with_claim_id("checkout:cs_1".into());
    match store.claim(&event).await.unwrap() {
        Claim::Acquired(token) => token,
        other => panic!("{other:?}"),
    }
}

async fn effects(pool: &SqlitePool) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM effects")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[derive(Clone)]
struct App {
    pool: SqlitePool,
    calls: Arc<AtomicUsize>,
    failures: usize,
}

/// Fails the first times, in the middle of its transaction.
async fn in_transaction(State(app): State<App>, event: Event) -> Result<(), StatusCode> {
    let internal = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let mut tx = app
        .pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(internal)?;
    let effect = sqlx::query("INSERT INTO effects VALUES ($1)").bind(&event.id);
    effect.execute(&mut *tx).await.map_err(internal)?;
    event
        .complete(&mut tx)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    if app.calls.fetch_add(1, Ordering::SeqCst) < app.failures {
        return Err(StatusCode::BAD_GATEWAY);
    }
    tx.commit().await.map_err(internal)
}

#[tokio::test]
async fn a_failed_event_is_handled_again_without_kelviq() {
    let (store, _folder) = store().await;
    let app = App {
        pool: store.pool().clone(),
        calls: Arc::default(),
        failures: 2,
    };
    let webhooks = Webhooks::new(secret(), store.clone(), app.clone(), in_transaction);
    let router = Router::new().route(PATH, webhooks.route());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(webhooks.handle_due().await.unwrap(), 0);
    let failed = store.failed(10).await.unwrap();
    assert_eq!(
        failed[0].reason,
        "the handler responded with 502 Bad Gateway"
    );
    for handled in [1, 1, 0] {
        store.replay("evt_1").await.unwrap();
        assert_eq!(webhooks.handle_due().await.unwrap(), handled);
    }
    assert_eq!(effects(store.pool()).await, 1);
    assert!(store.failed(10).await.unwrap().is_empty());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(app.calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_retry_gets_the_request_of_the_delivery() {
    use axum::{body::Bytes, http::HeaderMap};
    type Seen = Arc<std::sync::Mutex<Vec<(HeaderMap, Bytes, EventSource)>>>;
    async fn on_event(
        State(seen): State<Seen>,
        event: Event,
        headers: HeaderMap,
        body: Bytes,
    ) -> StatusCode {
        let mut seen = seen.lock().unwrap();
        seen.push((headers, body, event.source()));
        if seen.len() == 1 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    }
    let (store, _folder) = store().await;
    let seen = Seen::default();
    let webhooks = Webhooks::new(secret(), store.clone(), Arc::clone(&seen), on_event);
    let router = Router::new().route(PATH, webhooks.route());
    let _ = send(&router, signed(&secret(), "evt_1", BODY)).await;
    store.replay("evt_1").await.unwrap();
    assert_eq!(webhooks.handle_due().await.unwrap(), 1);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].0, seen[1].0);
    assert_eq!(seen[0].0["webhook-id"], "evt_1");
    assert_eq!(
        (&*seen[0].1, &*seen[1].1),
        (BODY.as_bytes(), BODY.as_bytes())
    );
    assert_eq!(seen[0].2, EventSource::Delivery { secret_index: 0 });
    assert_eq!(seen[1].2, EventSource::Stored);
}

#[tokio::test]
async fn an_event_that_was_committed_before_a_500_is_handled_and_logged_as_such() {
    async fn on_event(State(pool): State<SqlitePool>, event: Event) -> StatusCode {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        event.complete(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        StatusCode::INTERNAL_SERVER_ERROR
    }
    let (store, _folder) = store().await;
    let pool = store.pool().clone();
    let webhooks = Webhooks::new(secret(), store.clone(), pool, on_event);
    let router = Router::new().route(PATH, webhooks.route());
    let log = Log::start();
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    let recorded = log.with("recorded as handled, but answered with 500");
    assert_eq!(recorded.len(), 1, "{:?}", log.with(""));
    assert!(log.with("handled twice").is_empty());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(store.status().await.unwrap().waiting, 0);
}

#[tokio::test]
async fn an_event_can_be_completed_only_in_a_transaction_of_its_own_store() {
    async fn complete(pool: &SqlitePool, event: &Event) -> Result<(), CompleteError> {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        event.complete(&mut tx).await
    }
    async fn on_event(State(pool): State<SqlitePool>, event: Event) {
        let error = complete(&pool, &event).await.unwrap_err();
        assert!(matches!(error, CompleteError::OtherStore), "{error:?}");
        assert!(error.to_string().contains("another kind of store"));
        assert!(error.source().is_none());
    }
    async fn on_delivery(State(app): State<Extracting>, Webhook(event): Webhook) {
        let error = complete(&app.pool, &event).await.unwrap_err();
        assert!(matches!(error, CompleteError::NotClaimed), "{error:?}");
    }
    #[derive(Clone, FromRef)]
    struct Extracting {
        pool: SqlitePool,
        verifier: WebhookVerifier,
    }
    let (store, _folder) = store().await;
    let pool = store.pool().clone();
    let in_memory = Router::new()
        .route(PATH, webhook(secret(), MemoryInbox::default(), on_event))
        .with_state(pool.clone());
    let verifier = secret().into();
    let extracting = Router::new()
        .route(PATH, post(on_delivery))
        .with_state(Extracting { pool, verifier });
    for router in [in_memory, extracting] {
        let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
        assert_eq!(response.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_event_cannot_be_completed_in_another_database() {
    async fn on_event(State(other): State<SqlitePool>, event: Event) {
        let mut tx = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let error = event.complete(&mut tx).await.unwrap_err();
        assert!(matches!(error, CompleteError::ClaimLost), "{error:?}");
        assert!(error.to_string().contains("another database"), "{error}");
    }
    let ((claiming, _folder), (other, _other_folder)) = (store().await, store().await);
    let webhooks = Webhooks::new(secret(), claiming, other.pool().clone(), on_event);
    let router: Router = Router::new().route(PATH, webhooks.route());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test]
async fn only_a_file_is_opened() {
    for path in ["", ":memory:", "file:shop?mode=memory", "sqlite:shop.db"] {
        let error = SqliteStore::open(path).await.err().unwrap();
        assert!(error.to_string().contains("path of a file"), "{error}");
    }
}

#[tokio::test]
async fn an_error_of_the_database_is_the_source_of_the_handlers_error_and_in_its_message() {
    async fn on_event(State(pool): State<SqlitePool>, event: Event) {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let error = event.once(&mut tx, "welcome:cust_1").await.unwrap_err();
        assert!(matches!(error, CompleteError::Store(_)), "{error:?}");
        assert!(error.to_string().contains("kelviq_keys"), "{error}");
        let source = error.source().unwrap();
        assert!(source.to_string().contains("kelviq_keys"), "{source}");
    }
    let (store, _folder) = store().await;
    sqlx::query("DROP TABLE kelviq_keys")
        .execute(store.pool())
        .await
        .unwrap();
    let pool = store.pool().clone();
    let webhooks = Webhooks::new(secret(), store, pool, on_event);
    let router: Router = Router::new().route(PATH, webhooks.route());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_is_claimed_once_by_the_handlers_of_several_events() {
    async fn once(pool: &SqlitePool, event: &Event) -> Result<bool, CompleteError> {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let is_first = event.once(&mut tx, "welcome:cust_1").await?;
        if is_first {
            let effect = sqlx::query("INSERT INTO effects VALUES ($1)").bind(&event.id);
            effect.execute(&mut *tx).await.unwrap();
        }
        event.complete(&mut tx).await?;
        tx.commit().await.unwrap();
        Ok(is_first)
    }
    async fn on_event(State(pool): State<SqlitePool>, event: Event) -> String {
        match once(&pool, &event).await {
            Ok(is_first) => assert_eq!(is_first, event.id == "evt_1"),
            Err(error) => assert!(matches!(error, CompleteError::OtherStore), "{error:?}"),
        }
        event.id
    }
    let (store, _folder) = store().await;
    let pool = store.pool().clone();
    let webhooks = Webhooks::new(secret(), store.clone(), pool.clone(), on_event);
    let router: Router = Router::new().route(PATH, webhooks.route());
    for id in ["evt_1", "evt_2", "evt_3"] {
        let response = send(&router, signed(&secret(), id, &BODY.replace("evt_1", id))).await;
        assert_eq!(response.status, StatusCode::OK);
    }
    assert_eq!(effects(&pool).await, 1);

    let in_memory = Router::new()
        .route(PATH, webhook(secret(), MemoryInbox::default(), on_event))
        .with_state(pool.clone());
    let response = send(&in_memory, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(effects(&pool).await, 1);
}

#[tokio::test]
async fn the_longest_time_keeps_bodies_and_rows_for_good() {
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store.clone(), (), async |_: Event| {});
    let router = Router::new().route(PATH, webhooks.route());
    let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
    assert_eq!(response.status, StatusCode::OK);
    sqlx::query(
        "UPDATE kelviq_events SET received_at = received_at - $1, completed_at = completed_at - $1",
    )
    .bind(1_000_000_000_000_i64)
    .execute(store.pool())
    .await
    .unwrap();
    let rows = store.purge(Duration::MAX, Duration::MAX).await.unwrap();
    assert_eq!(rows, 0);
    let day = Duration::from_secs(24 * 60 * 60);
    assert_ne!(store.purge(day, day).await.unwrap(), 0);
}

#[test]
fn a_session_id_that_an_index_cannot_contain_is_not_stored_apart_from_the_body() {
    let stored = |id: &str| {
        let object = json!({ "id": id });
        let body = json!({"id": "evt_1", "type": "checkout.completed", "data": {"object": object}});
        let body = body.to_string();
        let (parts, _) = signed(&secret(), "evt_1", &body).into_parts();
        let headers = WebhookHeaders::from_pairs(&parts.headers);
        let event = WebhookVerifier::new(secret()).verify(headers, body.as_bytes());
        StoredEvent::of(&event.unwrap()).unwrap()
    };
    let longest = "a".repeat(255);
    for id in ["cs_1", &longest] {
        assert_eq!(stored(id).session_id.as_deref(), Some(id));
    }
    for id in [&"a".repeat(256), "cs_\0", "cs_1\n"] {
        assert_eq!(stored(id).session_id, None, "{id:?}");
    }
    let shown = format!("{:?}", stored("cs_1"));
    assert!(
        shown.contains("evt_1") && !shown.contains("data"),
        "{shown}"
    );
}

#[tokio::test]
async fn an_event_is_due_again_when_the_claim_of_its_checkout_expires() {
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store.clone(), (), async |_: Event| {});
    let router = Router::new().route(PATH, webhooks.route());
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    let other = claim_checkout(&store, "evt_2", &body.replace("evt_1", "evt_2")).await;
    let response = send(&router, signed(&secret(), "evt_1", body)).await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    store.release(&other).await.unwrap();
    for (seconds, handled) in [(30, 0), (20, 1)] {
        sqlx::query("UPDATE kelviq_events SET due_at = due_at - $1")
            .bind(seconds * 1000)
            .execute(store.pool())
            .await
            .unwrap();
        assert_eq!(webhooks.handle_due().await.unwrap(), handled);
    }
}

#[tokio::test]
async fn deliveries_during_the_handling_of_their_checkout_are_not_attempts() {
    async fn fail(_: Event) -> StatusCode {
        StatusCode::BAD_GATEWAY
    }
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store.clone(), (), fail);
    let router = Router::new().route(PATH, webhooks.route());
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    let other = claim_checkout(&store, "evt_2", &body.replace("evt_1", "evt_2")).await;
    for _ in 0..30 {
        let response = send(&router, signed(&secret(), "evt_1", body)).await;
        assert_eq!(response.status, StatusCode::CONFLICT);
    }
    store.release(&other).await.unwrap();
    let response = send(&router, signed(&secret(), "evt_1", body)).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(store.failed(10).await.unwrap()[0].attempts, 1);
}

#[tokio::test]
async fn an_event_is_recorded_although_the_call_that_handles_it_is_cancelled() {
    let (started, mut starts) = mpsc::unbounded_channel();
    let finish = Arc::new(Semaphore::new(0));
    let gate = Arc::clone(&finish);
    let on_event = async move |_: Event| {
        started.send(()).unwrap();
        gate.acquire().await.unwrap().forget();
    };
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store.clone(), (), on_event);
    let row = StoredEvent {
        id: "evt_1".into(),
        event_type: "customer.created".into(),
        session_id: None,
        source: "delivery".into(),
        headers: String::new(),
        body: BODY.into(),
    };
    assert!(store.keep(&row, Duration::ZERO).await.unwrap());
    tokio::select! {
        _ = webhooks.handle_due() => panic!("the handler has not ended"),
        Some(()) = starts.recv() => {}
    }
    finish.add_permits(1);
    while store.status().await.unwrap().waiting > 0 {
        tokio::task::yield_now().await;
    }
    assert!(starts.is_empty());
}

#[tokio::test]
async fn a_panic_before_the_handler_starts_only_fails_the_event() {
    #[derive(Default)]
    struct Panicking(Arc<AtomicUsize>);
    impl Clone for Panicking {
        fn clone(&self) -> Self {
            assert!(
                self.0.fetch_add(1, Ordering::SeqCst) > 0,
                "the first clone panics"
            );
            Self(Arc::clone(&self.0))
        }
    }
    async fn on_event(_: State<Panicking>, _: Event) {}
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store.clone(), Panicking::default(), on_event);
    let router = Router::new().route(PATH, webhooks.route());
    for status in [500, 200] {
        let response = send(&router, signed(&secret(), "evt_1", BODY)).await;
        assert_eq!(response.status.as_u16(), status);
    }
}

#[tokio::test]
async fn only_post_delivers() {
    let (store, _folder) = store().await;
    let webhooks = Webhooks::new(secret(), store, (), async |_: Event| {});
    let router = Router::new().route(PATH, webhooks.route());
    let mut request = signed(&secret(), "evt_1", BODY);
    *request.method_mut() = Method::PUT;
    let response = send(&router, request).await;
    assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.header("allow"), "POST");
}
