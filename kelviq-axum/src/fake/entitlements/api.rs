//! The route `/entitlements/`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::fake::{list::QueryMap, response::bad_request, state::FakeState, sync::lock};

/// Returns what a customer may use. An unknown customer may use nothing.
pub(crate) async fn list(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<QueryMap>,
) -> Response {
    let filter = |name: &str| query.get(name).filter(|text| !text.is_empty());
    let Some(customer_id) = filter("customer_id") else {
        return bad_request("entitlements", json!({"customer_id": ["Required."]}));
    };
    let records = lock(&state.records);
    let subscriptions = records.subscriptions.latest().rev();
    let subscriptions = subscriptions
        .filter(|subscription| subscription.customer_id == *customer_id)
        .filter(|subscription| subscription.gives_access());
    let mut entitlements = records.entitlements.of(customer_id, subscriptions);
    if let Some(feature) = filter("feature_id") {
        entitlements.retain(|entitlement| entitlement["featureId"] == **feature);
    }
    Json(json!({"customerId": customer_id, "entitlements": entitlements})).into_response()
}
