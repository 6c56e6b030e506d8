//! The route that creates portal sessions.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::fake::{
    fields::PORTAL_FIELDS, ids, json_body::JsonBody, request_body::RequestBody,
    response::bad_request, state::FakeState, sync::lock,
};

/// Creates a portal session. As at Kelviq, the customer needs an email address.
pub(crate) async fn create(
    State(state): State<Arc<FakeState>>,
    JsonBody(body): JsonBody,
) -> Response {
    let (customer_id, email) = match customer(&state, &body) {
        Ok(customer) => customer,
        Err(errors) => return bad_request("portal", errors),
    };
    let token = format!("cpt-{}:{}", ids::uuid(), ids::uuid());
    lock(&state.portal_tokens).insert(token.clone(), customer_id);
    Json(json!({
        "token": token,
        "email": email,
        "customerPortalUrl": format!("{}/portal/", state.origin),
    }))
    .into_response()
}

/// Returns the customer's id and email address.
fn customer(state: &FakeState, body: &str) -> Result<(String, String), Value> {
    let fields = RequestBody::read(body, PORTAL_FIELDS)?.into_fields()?;
    let customer_id = fields.get("customerId").and_then(Value::as_str);
    let customer_id = customer_id.unwrap_or_default();
    let records = lock(&state.records);
    let error = |message: &str| json!({"customerId": [message]});
    let Some(customer) = records.customers.get(customer_id) else {
        return Err(error("Invalid customer id"));
    };
    let email = customer.email.clone();
    let email = email.ok_or_else(|| error("Customer does not have an email"))?;
    Ok((customer_id.to_owned(), email))
}
