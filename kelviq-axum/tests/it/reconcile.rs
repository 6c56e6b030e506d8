//! Events that were not delivered, and events whose handler fails for a long time.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, http::StatusCode};
use kelviq_axum::{
    Event, SqliteStore, Store, Webhooks,
    fake::{FakeEvent, FakeKelviq},
};
use kelviq_core::{EventData, EventSource, Metadata};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};

use crate::support::webhook::{self as delivery, PATH};

/// An application that records each fulfilled order with the source of its event, unless it is out of order.
#[derive(Clone, Default)]
struct App {
    fulfilled: Arc<Mutex<Vec<(String, EventSource)>>>,
    is_failing: Arc<AtomicBool>,
}

impl App {
    fn orders(&self) -> Vec<String> {
        let fulfilled = self.fulfilled.lock().unwrap();
        fulfilled.iter().map(|(order, _)| order.clone()).collect()
    }

    fn sources(&self) -> Vec<EventSource> {
        let fulfilled = self.fulfilled.lock().unwrap();
        fulfilled.iter().map(|(_, source)| *source).collect()
    }
}

async fn fulfil(State(app): State<App>, event: Event) -> StatusCode {
    if app.is_failing.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let source = event.source();
    if let EventData::CheckoutCompleted(session) = event.data {
        let order = session.metadata.unwrap().get("order_ref").unwrap().unwrap();
        app.fulfilled.lock().unwrap().push((order, source));
    }
    StatusCode::OK
}

async fn open() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("shop.db"))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    (store, folder)
}

/// Makes time pass for the store.
async fn advance(store: &SqliteStore, time: Duration) {
    let ms = i64::try_from(time.as_millis()).unwrap();
    sqlx::query("UPDATE kelviq_events SET due_at = due_at - $1, lease_until = lease_until - $1")
        .bind(ms)
        .execute(store.pool())
        .await
        .unwrap();
}

async fn paid(kelviq: &FakeKelviq, order: &str) -> FakeEvent {
    let metadata = Metadata::from_json(format!(r#"{{"order_ref":"{order}"}}"#)).unwrap();
    delivery::paid(kelviq, &metadata).await
}

#[tokio::test]
async fn what_was_not_delivered_is_fetched_once_and_nothing_from_before_the_store() {
    for kelviq in [
        FakeKelviq::start().await,
        FakeKelviq::builder()
            .camel_case_logs()
            .start()
            .await
            .unwrap(),
    ] {
        for old in ["old_1", "old_2"] {
            paid(&kelviq, old).await;
        }
        let (store, _folder) = open().await;
        let app = App::default();
        let webhooks = Webhooks::new(kelviq.webhook_secret(), store, app.clone(), fulfil)
            .reconcile_with(kelviq.client());
        let nothing = webhooks.reconcile().await.unwrap();
        assert_eq!((nothing.from_logs, nothing.from_sessions), (0, 0));

        for missed in ["1", "2", "3"] {
            paid(&kelviq, missed).await;
        }
        let delivered = paid(&kelviq, "4").await;
        let router = Router::new().route(PATH, webhooks.route());
        assert_eq!(delivered.deliver_to(&router, PATH).await.status(), 200);

        let found = webhooks.reconcile().await.unwrap();
        // The three payments and the four subscriptions that they started.
        assert_eq!((found.from_logs, found.from_sessions), (7, 0));
        assert_eq!(app.orders(), ["4", "1", "2", "3"]);
        assert_eq!(app.sources()[1..], [EventSource::WebhookLog; 3]);
        let nothing = webhooks.reconcile().await.unwrap();
        assert_eq!((nothing.from_logs, nothing.from_sessions), (0, 0));
        assert_eq!(app.orders().len(), 4);
    }
}

#[tokio::test]
async fn every_event_is_handled_after_ten_minutes_of_failures_without_kelviq() {
    let kelviq = FakeKelviq::start().await;
    let (store, _folder) = open().await;
    let app = App::default();
    app.is_failing.store(true, Ordering::SeqCst);
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store.clone(), app.clone(), fulfil);
    let router = Router::new().route(PATH, webhooks.route());
    for order in 0..20 {
        let payment = paid(&kelviq, &order.to_string()).await;
        assert_eq!(payment.deliver_to(&router, PATH).await.status(), 500);
    }
    for _ in 0..60 {
        advance(&store, Duration::from_secs(10)).await;
        webhooks.handle_due().await.unwrap();
    }
    assert_eq!(store.failed(100).await.unwrap().len(), 20);
    assert!(app.orders().is_empty());

    app.is_failing.store(false, Ordering::SeqCst);
    // The next pause is not longer than the time that the handler has failed so far.
    advance(&store, Duration::from_secs(20 * 60)).await;
    assert_eq!(webhooks.handle_due().await.unwrap(), 20);
    let mut orders = app.orders();
    orders.sort_by_key(|order| order.parse::<u32>().unwrap());
    let all: Vec<_> = (0..20).map(|order| order.to_string()).collect();
    assert_eq!(orders, all);
    assert_eq!(store.status().await.unwrap().waiting, 0);
}

#[tokio::test]
async fn an_event_is_dead_after_days_of_failures_and_handled_when_it_is_replayed_or_delivered() {
    let kelviq = FakeKelviq::start().await;
    let (store, _folder) = open().await;
    let app = App::default();
    app.is_failing.store(true, Ordering::SeqCst);
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store.clone(), app.clone(), fulfil);
    let router = Router::new().route(PATH, webhooks.route());
    let payments = [paid(&kelviq, "1").await, paid(&kelviq, "2").await];
    for payment in &payments {
        assert_eq!(payment.deliver_to(&router, PATH).await.status(), 500);
    }
    for _ in 0..30 {
        advance(&store, Duration::from_secs(4 * 60 * 60)).await;
        webhooks.handle_due().await.unwrap();
    }
    let status = store.status().await.unwrap();
    assert_eq!((status.waiting, status.dead), (0, 2));
    let dead = store.failed(10).await.unwrap();
    assert!(
        dead.iter()
            .all(|event| event.due_at.is_none() && event.attempts == 25)
    );

    app.is_failing.store(false, Ordering::SeqCst);
    assert_eq!(payments[0].deliver_to(&router, PATH).await.status(), 200);
    assert!(store.replay(payments[1].event_id()).await.unwrap());
    assert_eq!(webhooks.handle_due().await.unwrap(), 1);
    assert_eq!(app.orders(), ["1", "2"]);
    assert_eq!(store.status().await.unwrap().dead, 0);
}

#[tokio::test]
async fn the_background_task_reconciles_at_its_start_and_stops_after_the_running_handler() {
    let kelviq = FakeKelviq::start().await;
    let (store, _folder) = open().await;
    let (started, mut starts) = mpsc::channel(1);
    let (finish, finished) = oneshot::channel::<()>();
    let finished = Arc::new(Mutex::new(Some(finished)));
    let on_event = async move |event: Event| {
        let finished = finished.lock().unwrap().take();
        started.send(event.id).await.unwrap();
        finished.unwrap().await.unwrap();
    };
    let webhooks = Webhooks::new(kelviq.webhook_secret(), store.clone(), (), on_event)
        .reconcile_with(kelviq.client());
    let payment = delivery::paid_once(&kelviq, &Metadata::new()).await;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(webhooks.run(async { drop(stopped.await) }));
    assert_eq!(starts.recv().await.unwrap(), payment.event_id());
    drop(stop);
    finish.send(()).unwrap();
    task.await.unwrap();
    assert_eq!(store.status().await.unwrap().waiting, 0);
}
