//! The routes below `/customers/`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use crate::fake::{
    api::API,
    fields::{CUSTOMER_FIELDS, Field, NEW_CUSTOMER_FIELDS},
    json_body::JsonBody,
    list::{QueryMap, page},
    request_body::RequestBody,
    response::{bad_request, detail},
    state::FakeState,
    sync::lock,
};

/// Lists the customers, newest first.
pub(crate) async fn list(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<QueryMap>,
) -> Response {
    let search = query.get("search").map_or("", String::as_str);
    let records = lock(&state.records);
    let items = records
        .customers
        .newest_first()
        .filter(|customer| customer.matches(search))
        .map(|customer| move || customer.json().to_string())
        .collect();
    page(&format!("{}{API}/customers/", state.origin), &query, items)
}

pub(crate) async fn create(
    State(state): State<Arc<FakeState>>,
    JsonBody(body): JsonBody,
) -> Response {
    let created = fields(&body, NEW_CUSTOMER_FIELDS)
        .and_then(|fields| lock(&state.records).customers.create(&fields));
    match created {
        Ok(customer) => (StatusCode::CREATED, Json(customer)).into_response(),
        Err(errors) => bad_request("customer", errors),
    }
}

pub(crate) async fn retrieve(
    State(state): State<Arc<FakeState>>,
    Path(customer_id): Path<String>,
) -> Response {
    match lock(&state.records).customers.get(&customer_id) {
        Some(customer) => Json(customer.json()).into_response(),
        None => not_found(),
    }
}

pub(crate) async fn update(
    State(state): State<Arc<FakeState>>,
    Path(customer_id): Path<String>,
    JsonBody(body): JsonBody,
) -> Response {
    let mut records = lock(&state.records);
    let Some(customer) = records.customers.get_mut(&customer_id) else {
        return not_found();
    };
    match fields(&body, CUSTOMER_FIELDS) {
        Ok(fields) => {
            customer.update(&fields);
            Json(customer.json()).into_response()
        }
        Err(errors) => bad_request("customer", errors),
    }
}

/// Archives a customer. The id is not free again.
pub(crate) async fn archive(
    State(state): State<Arc<FakeState>>,
    Path(customer_id): Path<String>,
) -> Response {
    match lock(&state.records).customers.get_mut(&customer_id) {
        Some(customer) => {
            customer.is_archived = true;
            StatusCode::NO_CONTENT.into_response()
        }
        None => not_found(),
    }
}

fn fields(body: &str, table: &'static [Field]) -> Result<Map<String, Value>, Value> {
    RequestBody::read(body, table)?.into_fields()
}

fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "There is no such customer.")
}
