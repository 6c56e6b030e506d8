//! The customer portal: its API, and a page that lists purchases.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::html;
use serde_json::{Value, json};

use super::{
    hosted_page::{layout, not_found, row},
    ids,
    json_body::JsonBody,
    response::html,
    session::display_name,
    state::FakeState,
    sync::lock,
};

/// Creates a portal session. As at Kelviq, a customer exists once a session has been paid.
pub(super) async fn create(
    State(state): State<Arc<FakeState>>,
    JsonBody(request): JsonBody,
) -> Response {
    let request: Value = serde_json::from_str(&request).unwrap_or_default();
    let customer_id = request["customerId"].as_str();
    let customer_id = customer_id.or_else(|| request["customer_id"].as_str());
    let Some(customer_id) = customer_id.filter(|id| lock(&state.sessions).has_customer(id)) else {
        let error = json!({"customerId": ["There is no such customer."]});
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    let token = format!("cpt-{}", ids::random_hex());
    lock(&state.portal_tokens).insert(token.clone(), customer_id.to_owned());
    Json(json!({
        "token": token,
        "email": "buyer@example.com",
        "customerPortalUrl": format!("{}/portal/", state.origin),
    }))
    .into_response()
}

/// Serves the page that a portal session's token gives access to.
pub(super) async fn page(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let token = query.get("token").map(String::as_str).unwrap_or_default();
    let Some(customer_id) = lock(&state.portal_tokens).get(token).cloned() else {
        return html(StatusCode::NOT_FOUND, not_found());
    };
    let paid = lock(&state.sessions).paid_by(&customer_id);
    let main = html! {
        div.message {
            h1 { "Your purchases" }
            dl {
                (row("Customer", &customer_id))
                @for session in &paid {
                    (row(&display_name(session.checkout.plan()), &session.price.to_string()))
                }
            }
        }
    };
    html(StatusCode::OK, layout("Your purchases", &main))
}
