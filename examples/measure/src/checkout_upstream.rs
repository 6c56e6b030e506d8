//! A server that answers like Kelviq, with the least work.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Request},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::map_request,
    response::IntoResponse,
    routing::{get, patch},
};
use serde_json::{Value, json};

/// Path of the number of requests so far.
pub(crate) const REQUESTS_PATH: &str = "/requests";

static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Creates a session for any request, except for those that update customers or list subscriptions.
pub(crate) fn app() -> Router {
    Router::new()
        .route("/api/v1/customers/{id}/", patch(update_customer))
        .route("/api/v1/subscriptions/", get(list_subscriptions))
        .fallback(create_session)
        .layer(map_request(async |request: Request| {
            REQUESTS.fetch_add(1, Ordering::Relaxed);
            request
        }))
        .route(
            REQUESTS_PATH,
            get(async || REQUESTS.load(Ordering::Relaxed).to_string()),
        )
}

async fn create_session(_: Bytes) -> impl IntoResponse {
    static SESSIONS: AtomicU64 = AtomicU64::new(0);
    let id = format!("cs_{:032x}", SESSIONS.fetch_add(1, Ordering::Relaxed));
    let url = format!("https://kelviq.com/checkout/{id}/");
    let session = json!({ "checkoutUrl": url, "checkoutSessionId": id });
    (StatusCode::CREATED, json_body(&session))
}

async fn update_customer(Path(id): Path<String>, _: Bytes) -> impl IntoResponse {
    json_body(&json!({
        "id": "5f0c5a52-8d1e-4f0a-9a53-6a9d54a3a0f1",
        "customerId": id,
        "name": "Ada Lovelace",
        "email": "ada@b.example",
        "details": {},
        "metadata": {},
        "billingAddress": null,
        "createdOn": "2026-04-01T07:05:56Z",
        "modifiedOn": "2026-04-01T07:05:56Z",
    }))
}

async fn list_subscriptions() -> impl IntoResponse {
    json_body(&json!({ "count": 0, "next": null, "previous": null, "results": [] }))
}

fn json_body(json: &Value) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "application/json")], json.to_string())
}
