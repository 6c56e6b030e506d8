//! Paid sessions without an event, with an upstream that answers as a test needs it.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use jiff::Timestamp;
use kelviq_axum::{Claim, Event, Inbox, ReconcileError, Reconciled, SqliteStore, Store, Webhooks};
use kelviq_core::{EventSource, Kelviq, WebhookHeaders, WebhookSecret, WebhookVerifier};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{
    send,
    webhook::{PATH, signed},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The sessions with the status and body of their details, newest first.
type Sessions = Arc<Mutex<Vec<(&'static str, u16, Value)>>>;

/// The details of a session that was created two hours ago.
fn details(id: &str, status: &str, order: impl Into<Option<Value>>) -> Value {
    let order = order.into();
    json!({"id": id, "status": status, "createdOn": before(2 * HOUR), "order": order})
}

fn before(age: Duration) -> String {
    Timestamp::try_from(SystemTime::now() - age)
        .unwrap()
        .to_string()
}

fn paid(age: Duration) -> Value {
    json!({"status": "COMPLETE", "paidAt": before(age), "amountTotal": "29.00"})
}

/// The ids and sources of the handled events.
type Handled = Arc<Mutex<Vec<(String, EventSource)>>>;

struct Upstream {
    sessions: Sessions,
    store: SqliteStore,
    webhooks: Webhooks<SqliteStore>,
    handled: Handled,
    _folder: TempDir,
}

impl Upstream {
    async fn start(sessions: Vec<(&'static str, u16, Value)>) -> Self {
        async fn list(State(sessions): State<Sessions>) -> Json<Value> {
            let sessions = sessions.lock().unwrap();
            let results: Vec<_> = sessions
                .iter()
                .map(|(id, _, details)| {
                    let status = details.get("status").cloned().unwrap_or("success".into());
                    json!({"id": id, "status": status, "createdOn": before(2 * HOUR)})
                })
                .collect();
            Json(json!({"count": results.len(), "next": null, "results": results}))
        }
        async fn one(
            State(sessions): State<Sessions>,
            Path(id): Path<String>,
        ) -> (StatusCode, Json<Value>) {
            let sessions = sessions.lock().unwrap();
            let (_, status, details) = sessions.iter().find(|(other, ..)| *other == id).unwrap();
            (
                StatusCode::from_u16(*status).unwrap(),
                Json(details.clone()),
            )
        }
        async fn on_event(State(handled): State<Handled>, event: Event) {
            let source = event.source();
            handled.lock().unwrap().push((event.id, source));
        }
        let sessions = Sessions::new(Mutex::new(sessions));
        let nothing = json!({"count": 0, "next": null, "results": []});
        let app = Router::new()
            .route("/api/v1/webhook/logs/", get(Json(nothing)))
            .route("/api/v1/checkout/sessions/", get(list))
            .route("/api/v1/checkout/sessions/{id}/", get(one))
            .with_state(Arc::clone(&sessions));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, app).into_future());
        let kelviq = Kelviq::builder("server-test")
            .base_url(format!("http://{address}"))
            .build()
            .unwrap();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("shop.db");
        let store = SqliteStore::open(path).await.unwrap();
        store.migrate().await.unwrap();
        let handled = Handled::default();
        let webhooks = Webhooks::new(secret(), store.clone(), Arc::clone(&handled), on_event)
            .reconcile_with(kelviq);
        Self {
            sessions,
            store,
            webhooks,
            handled,
            _folder: folder,
        }
    }

    /// Reconciles since three hours ago, which is before the store was created.
    async fn reconcile(&self) -> Result<Reconciled, ReconcileError> {
        self.webhooks
            .reconcile_since(SystemTime::now() - 3 * HOUR)
            .await
    }

    fn handled(&self) -> Vec<String> {
        let handled = self.handled.lock().unwrap();
        handled.iter().map(|(id, _)| id.clone()).collect()
    }
}

fn secret() -> WebhookSecret {
    WebhookSecret::new("kq_whsec_test").unwrap()
}

#[tokio::test]
async fn a_paid_session_without_an_event_becomes_one_and_a_later_delivery_is_a_duplicate() {
    let details = details("cs_1", "success", paid(HOUR));
    let upstream = Upstream::start(vec![("cs_1", 200, details)]).await;
    assert_eq!(upstream.reconcile().await.unwrap().from_sessions, 1);
    assert_eq!(
        *upstream.handled.lock().unwrap(),
        [(
            "checkout.completed:cs_1".to_owned(),
            EventSource::CheckoutSession
        )]
    );
    let app = Router::new().route(PATH, upstream.webhooks.route());
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    let response = send(&app, signed(&secret(), "evt_1", body)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(upstream.reconcile().await.unwrap().from_sessions, 0);
    assert_eq!(upstream.handled().len(), 1);
}

#[tokio::test]
async fn a_session_is_known_if_the_claim_of_its_checkout_is_completed() {
    let details = details("cs_1", "success", paid(HOUR));
    let upstream = Upstream::start(vec![("cs_1", 200, details)]).await;
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    let (parts, _) = signed(&secret(), "evt_1", body).into_parts();
    let headers = WebhookHeaders::from_pairs(&parts.headers);
    let event = WebhookVerifier::new(secret()).verify(headers, body.as_bytes());
    let checkout = event.unwrap().with_claim_id("checkout:cs_1".into());
    let Claim::Acquired(token) = upstream.store.claim(&checkout).await.unwrap() else {
        panic!("the checkout is unclaimed")
    };
    assert!(upstream.store.complete(&token).await.unwrap());
    assert_eq!(upstream.reconcile().await.unwrap().from_sessions, 0);
    assert!(upstream.handled().is_empty());
}

#[tokio::test]
async fn only_sessions_that_were_paid_in_time_and_not_reversed_become_events() {
    let old = || paid(5 * HOUR);
    let sessions = vec![
        (
            "cs_new_word",
            200,
            details("cs_new_word", "settled", paid(HOUR)),
        ),
        (
            "cs_no_time",
            200,
            details("cs_no_time", "success", json!({"createdOn": before(HOUR)})),
        ),
        // Its event is probably on the way.
        (
            "cs_just_now",
            200,
            details("cs_just_now", "success", paid(Duration::ZERO)),
        ),
        ("cs_old", 200, details("cs_old", "success", old())),
        ("cs_open", 200, details("cs_open", "open", None)),
        (
            "cs_refunded",
            200,
            details(
                "cs_refunded",
                "success",
                json!({"status": "REFUNDED", "paidAt": before(HOUR)}),
            ),
        ),
        (
            "cs_unknown",
            200,
            details("cs_unknown", "settled", json!({"createdOn": before(HOUR)})),
        ),
    ];
    let upstream = Upstream::start(sessions).await;
    assert_eq!(upstream.reconcile().await.unwrap().from_sessions, 2);
    let mut handled = upstream.handled();
    handled.sort();
    assert_eq!(
        handled,
        [
            "checkout.completed:cs_new_word",
            "checkout.completed:cs_no_time",
        ]
    );
}

#[tokio::test]
async fn a_session_that_fails_does_not_stop_the_others_and_is_looked_up_again() {
    let good = details("cs_good", "success", paid(HOUR));
    let upstream = Upstream::start(vec![
        ("cs_gone", 404, json!({"detail": "Not found."})),
        ("cs_failing", 500, json!({})),
        ("cs_good", 200, good),
    ])
    .await;
    let before = upstream.store.reconciled_at().await.unwrap();
    let error = upstream.reconcile().await.unwrap_err();
    assert!(matches!(error, ReconcileError::Kelviq(_)), "{error:?}");
    assert_eq!(upstream.handled(), ["checkout.completed:cs_good"]);
    assert_eq!(upstream.store.reconciled_at().await.unwrap(), before);

    upstream.sessions.lock().unwrap()[1] = (
        "cs_failing",
        200,
        details("cs_failing", "success", paid(HOUR)),
    );
    assert_eq!(upstream.reconcile().await.unwrap().from_sessions, 1);
    assert_eq!(upstream.handled()[1], "checkout.completed:cs_failing");
    assert!(upstream.store.reconciled_at().await.unwrap() > before);
}

#[tokio::test]
async fn a_wrong_clock_does_not_stop_reconciliation_for_good() {
    let upstream = Upstream::start(Vec::new()).await;
    let days_ahead = SystemTime::now() + 72 * HOUR;
    upstream.store.set_reconciled_at(days_ahead).await.unwrap();
    upstream.webhooks.reconcile().await.unwrap();
    let last = upstream.store.reconciled_at().await.unwrap();
    assert!(last <= SystemTime::now());
}
