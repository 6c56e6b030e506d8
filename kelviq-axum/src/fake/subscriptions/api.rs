//! The routes below `/subscriptions/`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{cancellation::validate, subscription::Subscription};
use crate::fake::{
    api::API,
    delivery::deliver,
    json_body::JsonBody,
    list::{QueryMap, page},
    response::{bad_request, detail},
    state::{CannotCancel, FakeState},
    sync::lock,
};

/// The parameters of the list. With another one, nothing is found.
const PARAMETERS: [&str; 4] = ["customer_id", "status", "page", "page_size"];

/// Lists subscriptions, newest first: every state with one of the statuses, or without `status` the latest state of each
/// subscription that is neither over nor superseded.
pub(crate) async fn list(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<QueryMap>,
) -> Response {
    let filter = |name: &str| query.get(name).filter(|text| !text.is_empty());
    let (customer_id, statuses) = (filter("customer_id"), filter("status"));
    let is_known = query.keys().all(|name| PARAMETERS.contains(&&**name));
    let is_wanted = |subscription: &&Subscription| {
        is_known && customer_id.is_none_or(|id| *id == subscription.customer_id)
    };
    let records = lock(&state.records);
    let found: Vec<_> = if let Some(statuses) = statuses {
        let has_status = |subscription: &&Subscription| {
            let mut statuses = statuses.split(',');
            statuses.any(|status| status.trim() == subscription.status)
        };
        let states = records.subscriptions.states().filter(has_status);
        states.filter(is_wanted).collect()
    } else {
        let latest = records.subscriptions.latest().filter(is_wanted);
        latest
            .filter(|subscription| subscription.is_current())
            .collect()
    };
    let json = &|subscription: &Subscription| {
        let features = records.entitlements.feature_details(subscription);
        subscription.json(features).to_string()
    };
    let items = found.into_iter().map(|found| move || json(found)).collect();
    let url = format!("{}{API}/subscriptions/", state.origin);
    page(&url, &query, items)
}

pub(crate) async fn retrieve(
    State(state): State<Arc<FakeState>>,
    Path(id): Path<String>,
) -> Response {
    let records = lock(&state.records);
    match records.subscriptions.get(&id) {
        Some(subscription) => {
            let features = records.entitlements.feature_details(subscription);
            Json(subscription.json(features)).into_response()
        }
        None => not_found(),
    }
}

pub(crate) async fn cancel(
    State(state): State<Arc<FakeState>>,
    Path(id): Path<String>,
    JsonBody(body): JsonBody,
) -> Response {
    let (end, cancellation) = match validate(&body) {
        Ok(request) => request,
        Err(errors) => return bad_request("cancellation", errors),
    };
    match state.cancel(&id, end, cancellation) {
        Ok(event) => {
            // As at Kelviq, the response does not wait for the webhook.
            drop(deliver(state, vec![event]));
            let message = "Subscription cancellation processed successfully.";
            Json(json!({"message": message})).into_response()
        }
        Err(CannotCancel::NotFound) => not_found(),
        Err(CannotCancel::NotRunning) => detail(
            StatusCode::BAD_REQUEST,
            "The subscription has ended, or is a one-time purchase.",
        ),
    }
}

fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "Subscription not found.")
}
