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
    checkout_completed::checkout_type,
    currency::{decimal, symbol},
    customers::{customer::Customer, records::Customers},
    list::{Item, QueryMap, page_by_date},
    product::{PRODUCT, PRODUCT_NAME},
    response::detail,
    session::Session,
    state::FakeState,
    subscriptions::subscription::Subscription,
    sync::lock,
    timestamp::rfc3339_micros,
};

pub(super) async fn retrieve(
    State(state): State<Arc<FakeState>>,
    Path(id): Path<String>,
) -> Response {
    let records = lock(&state.records);
    let Some(session) = records.sessions.get(&id) else {
        return detail(StatusCode::NOT_FOUND, "There is no such session.");
    };
    let subscription = session.subscription_id.as_deref();
    let subscription = subscription.and_then(|id| records.subscriptions.get(id));
    let mut fields = fields(session, &records.customers);
    fields["order"] = order(session);
    fields["subscription"] = subscription.map(Subscription::summary).into();
    fields["paymentMethod"] = subscription.map(|_| payment_method()).into();
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
    let records = &*lock(&state.records);
    let items = records
        .sessions
        .newest_first()
        .filter(|session| wanted.is_none_or(|wanted| wanted == status(session)))
        .filter(|session| search.is_none_or(|search| matches(session, &records.customers, search)))
        .map(|session| Item {
            time: session.created,
            json: move || {
                let fields = fields(session, &records.customers);
                session.checkout.json_with_metadata(&fields)
            },
        });
    let url = format!("{}{API}/checkout/sessions/", state.origin);
    page_by_date(&url, &query, items)
}

/// Returns the fields that a session has in a list, without the metadata.
fn fields(session: &Session, customers: &Customers) -> Value {
    let checkout = &session.checkout;
    let customer = customers.any(&session.customer_id).map(Customer::json);
    let customer = customer.unwrap_or_default();
    let field = |name: &str| checkout.fields.get(name).cloned().unwrap_or_default();
    json!({
        "id": checkout.id,
        "status": status(session),
        "customer": {
            "customerId": customer["customerId"],
            "name": customer["name"],
            "email": customer["email"],
        },
        "product": {
            "id": PRODUCT,
            "identifier": "test-product",
            "name": PRODUCT_NAME,
            "description": "",
            "taxCode": "saas",
            "createdBy": "FakeKelviq",
            "modifiedOn": rfc3339_micros(session.created),
            "images": [],
        },
        "billingAddress": customer["billingAddress"],
        "discountCode": field("discountCode"),
        "taxId": null,
        "currency": session.price.currency.to_lowercase(),
        "currencySymbol": symbol(&session.price.currency),
        "createdOn": rfc3339_micros(session.created),
        "selectedData": {"planIdentifier": checkout.plan(), "features": field("features")},
        "offeringData": {},
        "data": {
            "successUrl": field("successUrl"),
            "cancelUrl": field("cancelUrl"),
            "taxBehavior": field("taxBehavior"),
            "discountsEnabled": field("discountsEnabled"),
        },
        "customFieldsData": {},
        "customization": {},
        "trialPeriod": field("trialPeriod").as_u64().unwrap_or(0),
    })
}

fn status(session: &Session) -> &'static str {
    if session.checkout.is_paid {
        "success"
    } else {
        "open"
    }
}

/// Returns whether a text occurs in the id, the customer or the product of a session, in any case.
fn matches(session: &Session, customers: &Customers, search: &str) -> bool {
    let customer = customers.any(&session.customer_id);
    let search_lower = search.to_lowercase();
    session.checkout.id.to_lowercase().contains(&search_lower)
        || PRODUCT_NAME.to_lowercase().contains(&search_lower)
        || customer.is_some_and(|customer| customer.matches(search))
}

/// Returns the order of a session, or null if it is not paid.
fn order(session: &Session) -> Value {
    let Some(event) = session.events.first() else {
        return Value::Null;
    };
    let paid = rfc3339_micros(event.created);
    let number = session.checkout.id.trim_start_matches("cs_");
    let is_trial = session.checkout.fields.get("trialPeriod");
    json!({
        "id": format!("ORD-{number}"),
        "status": "COMPLETE",
        "paidAt": paid,
        "createdOn": paid,
        "billingType": checkout_type(session),
        "isTrial": is_trial.is_some_and(Value::is_u64),
        "amountSubtotal": session.price.amount(),
        "amountDiscount": decimal(0, &session.price.currency),
        "amountTax": decimal(0, &session.price.currency),
        "amountTotal": session.price.amount(),
        "saleCurrency": session.price.currency,
        "saleCurrencySymbol": symbol(&session.price.currency),
        "invoiceId": format!("INV-{number}"),
    })
}

/// Returns the payment method of a paid session: the card of the checkout page.
fn payment_method() -> Value {
    json!({"paymentMethodType": "card", "paymentMethodName": "visa", "last4": "4242"})
}
