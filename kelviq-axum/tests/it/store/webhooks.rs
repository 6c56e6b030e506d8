//! The webhook route with a store.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::State, http::StatusCode};
use kelviq_axum::{Event, SqliteStore, Store, Webhooks};
use kelviq_core::{EventSource, WebhookSecret};
use sqlx::SqlitePool;
use tempfile::TempDir;

use crate::support::{
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
