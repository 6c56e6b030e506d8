//! The routes that return checkout sessions.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    api::API,
    checkout_completed::{BUYER_EMAIL, BUYER_NAME, PRODUCT, PRODUCT_NAME, checkout_type},
    list::{Item, QueryMap, page},
    response::detail,
    session::Session,
    state::FakeState,
    sync::lock,
    timestamp::rfc3339_micros,
};

pub(super) async fn retrieve(
    State(state): State<Arc<FakeState>>,
    Path(id): Path<String>,
) -> Response {
    let Some(session) = lock(&state.sessions).get(&id).cloned() else {
        return detail(StatusCode::NOT_FOUND, "There is no such session.");
    };
    let mut fields = fields(&session);
    fields["order"] = order(&session);
    fields["subscription"] = Value::Null;
    fields["paymentMethod"] = Value::Null;
    let response = session.checkout.json_with_metadata(&fields);
    ([(CONTENT_TYPE, "application/json")], response).into_response()
}

/// Lists the sessions, newest first.
pub(super) async fn list(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<QueryMap>,
) -> Response {
    let filter = |name: &str| query.get(name).filter(|text| !text.is_empty());
    let (search, wanted) = (filter("search"), filter("status"));
    let search = search.map(|text| text.to_lowercase());
    let items = lock(&state.sessions)
        .newest_first()
        .filter(|session| wanted.is_none_or(|wanted| wanted == status(session)))
        .filter(|session| {
            let search = search.as_deref();
            search.is_none_or(|search| searchable(session).to_lowercase().contains(search))
        })
        .map(|session| Item {
            time: session.created,
            json: session.checkout.json_with_metadata(&fields(session)),
        })
        .collect();
    let url = format!("{}{API}/checkout/sessions/", state.origin);
    page(&url, &query, items)
}

/// Returns the fields that a session has in a list, without the metadata.
fn fields(session: &Session) -> Value {
    let checkout = &session.checkout;
    let is_paid = checkout.is_paid;
    let field = |name: &str| checkout.fields.get(name).cloned().unwrap_or_default();
    json!({
        "id": checkout.id,
        "status": status(session),
        "customer": {
            "customerId": session.customer_id,
            "name": is_paid.then_some(BUYER_NAME),
            "email": is_paid.then_some(BUYER_EMAIL),
        },
        "product": {"id": PRODUCT, "name": PRODUCT_NAME},
        "discountCode": field("discountCode"),
        "taxId": null,
        "currency": session.price.currency.to_lowercase(),
        "createdOn": rfc3339_micros(session.created),
        "data": {
            "successUrl": field("successUrl"),
            "cancelUrl": field("cancelUrl"),
            "taxBehavior": field("taxBehavior"),
            "discountsEnabled": field("discountsEnabled"),
        },
        "trialPeriod": field("trialPeriod"),
    })
}

fn status(session: &Session) -> &'static str {
    if session.checkout.is_paid {
        "success"
    } else {
        "open"
    }
}

/// Returns the text that the search applies to.
fn searchable(session: &Session) -> String {
    let mut texts = vec![&*session.checkout.id, &session.customer_id, PRODUCT_NAME];
    if session.checkout.is_paid {
        texts.extend([BUYER_NAME, BUYER_EMAIL]);
    }
    texts.join("\n")
}

/// Returns the order of a session, or null if it is not paid.
fn order(session: &Session) -> Value {
    let Some(event) = &session.event else {
        return Value::Null;
    };
    let paid = rfc3339_micros(event.created);
    let number = session.checkout.id.trim_start_matches("cs_");
    json!({
        "id": format!("ORD-{number}"),
        "status": "COMPLETE",
        "paidAt": paid,
        "createdOn": paid,
        "billingType": checkout_type(session),
        "isTrial": false,
        "amountTotal": session.price.amount(),
        "saleCurrency": session.price.currency,
    })
}
