//! The customer portal: a session for a customer who has paid, and a page that lists what was bought.

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
    event::plan_name,
    hosted_page::{layout, not_found, row},
    ids,
    json_body::JsonBody,
    server::html,
    shared::{Shared, lock},
};

/// Whom the tokens let in.
pub(super) type Tokens = HashMap<String, String>;

/// Kelviq knows the customers who have paid, and ties a portal session to their email.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    JsonBody(request): JsonBody,
) -> Response {
    let request: Value = serde_json::from_str(&request).unwrap_or_default();
    let customer_id = request["customerId"].as_str();
    let customer_id = customer_id.or_else(|| request["customer_id"].as_str());
    let Some(customer_id) = customer_id.filter(|id| lock(&shared.sessions).has_customer(id)) else {
        let refusal = json!({"customerId": ["There is no such customer."]});
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    };
    let token = format!("cpt-{}", ids::random_hex());
    lock(&shared.portal_tokens).insert(token.clone(), customer_id.to_owned());
    Json(json!({
        "token": token,
        "email": "buyer@example.com",
        "customerPortalUrl": format!("{}/portal/", shared.origin),
    }))
    .into_response()
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let token = query.get("token").map(String::as_str).unwrap_or_default();
    let Some(customer_id) = lock(&shared.portal_tokens).get(token).cloned() else {
        return html(StatusCode::NOT_FOUND, not_found());
    };
    let bought = lock(&shared.sessions).bought_by(&customer_id);
    let main = html! {
        div.message {
            h1 { "Your purchases" }
            dl {
                (row("Customer", &customer_id))
                @for session in &bought {
                    (row(&plan_name(session.checkout.plan()), &session.price.to_string()))
                }
            }
        }
    };
    html(StatusCode::OK, layout("Your purchases", &main))
}
