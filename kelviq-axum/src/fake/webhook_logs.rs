//! The route of the webhook log.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde_json::json;

use super::{
    api::API,
    delivery_log::Attempt,
    list::{Item, QueryMap, page_by_date},
    raw_json::{with_camel_case_keys, with_raw_field},
    state::FakeState,
    sync::lock,
    timestamp::rfc3339_micros,
};

/// The age up to which Kelviq lists attempts.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The id of the webhook endpoint.
const ENDPOINT: &str = "c5a7b0de-91f4-4e0f-8f3b-6d2b8a1e4c70";

/// Lists the attempts to deliver an event, newest first.
pub(super) async fn list(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<QueryMap>,
) -> Response {
    let now = SystemTime::now();
    let is_listed = |attempt: &&Attempt| {
        let age = now.duration_since(attempt.time);
        age.is_ok_and(|age| age <= MAX_AGE)
    };
    let attempts: Vec<_> = lock(&state.delivery_log)
        .newest_first()
        .filter(is_listed)
        .cloned()
        .collect();
    let camel_case = state.camel_case_logs;
    let items = attempts.iter().map(|attempt| Item {
        time: attempt.time,
        json: move || row(attempt, camel_case),
    });
    let url = format!("{}{API}/webhook/logs/", state.origin);
    page_by_date(&url, &query, items)
}

fn row(attempt: &Attempt, camel_case: bool) -> String {
    let event = &attempt.event;
    let row = json!({
        "id": attempt.id,
        "eventId": event.id,
        "endpoint": ENDPOINT,
        "eventType": event.kind,
        "statusCode": attempt.status,
        "isSuccess": attempt.status.is_some_and(|status| (200..300).contains(&status)),
        "retryCount": attempt.retry_count,
        "lastAttempt": rfc3339_micros(attempt.time),
        "createdOn": rfc3339_micros(event.created),
    });
    if camel_case {
        with_raw_field(&row, "payload", &with_camel_case_keys(&event.json))
    } else {
        with_raw_field(&row, "payload", &event.json)
    }
}
