//! Deliveries to a webhook route.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::MethodRouter,
};
use kelviq_core::WebhookSecret;
use tower::ServiceExt;

/// Returns the secret of the suite's deliveries.
pub(super) fn secret() -> WebhookSecret {
    match WebhookSecret::new("kq_whsec_contract") {
        Ok(secret) => secret,
        Err(error) => panic!("the suite's own secret is invalid: {error}"),
    }
}

/// Delivers an event, as Kelviq does. Returns the status of the response.
pub(super) async fn deliver(route: MethodRouter, id: &str, body: String) -> StatusCode {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let timestamp = now.unwrap_or_default().as_secs().to_string();
    let request = Request::post("/")
        .header("webhook-id", id)
        .header("webhook-timestamp", &timestamp)
        .header(
            "webhook-signature",
            secret().sign(id, &timestamp, body.as_bytes()),
        )
        .body(Body::from(body));
    let request = match request {
        Ok(request) => request,
        Err(error) => panic!("the suite's own request is invalid: {error}"),
    };
    let Ok(response) = Router::new().route("/", route).oneshot(request).await;
    response.status()
}

/// The number of successful and failed calls of a handler by event id. Clones share the same data.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<HashMap<String, (u32, u32)>>>);

impl Calls {
    pub(super) fn succeeded(&self, id: &str) -> u32 {
        self.with(id, |calls| calls.0)
    }

    pub(super) fn add_success(&self, id: &str) {
        self.with(id, |calls| calls.0 += 1);
    }

    /// Counts a failure. Returns the number of failures so far.
    pub(super) fn add_failure(&self, id: &str) -> u32 {
        self.with(id, |calls| {
            calls.1 += 1;
            calls.1
        })
    }

    fn with<T>(&self, id: &str, change: impl FnOnce(&mut (u32, u32)) -> T) -> T {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(calls.entry(id.to_owned()).or_default())
    }
}
