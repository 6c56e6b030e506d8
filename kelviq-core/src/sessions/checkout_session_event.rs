//! The `checkout.completed` event of a paid session whose delivery did not arrive.

use super::details::{CheckoutSessionDetails, SessionCustomer, SessionProduct};
use crate::{
    decimal_text::DecimalText,
    error::{Error, ErrorKind},
    json::ObjectWriter,
    json_text::JsonText,
    snake_case::with_snake_case_keys,
    webhook::{
        event::VerifiedEvent,
        event_source::EventSource,
        models::{billing_type::BillingType, session_status::SessionStatus},
    },
};

/// Creates the event `checkout.completed` of a paid session, with the id `checkout.completed:{session id}`.
///
/// The object has the fields that the session has, under the names of webhooks. The metadata is kept as received.
///
/// # Errors
///
/// Returns [`WebhookPayload`](crate::ErrorKind::WebhookPayload) if the session is not paid, or if its id is missing or too
/// long for the id of an event.
pub fn checkout_session_event(session: &CheckoutSessionDetails) -> Result<VerifiedEvent, Error> {
    let problem = |problem| Error::new(ErrorKind::WebhookPayload, problem);
    if !session.is_paid() {
        return Err(problem("the checkout session is not paid"));
    }
    let id = session.id.as_deref();
    let id = id.ok_or_else(|| problem("the checkout session has no id"))?;
    let mut data = ObjectWriter::default();
    data.raw_field("object", &object(session));
    let mut event = ObjectWriter::default();
    text(&mut event, "id", Some(&format!("checkout.completed:{id}")));
    text(&mut event, "type", Some("checkout.completed"));
    let order = session.order.as_ref();
    let paid_at = order.and_then(|order| order.paid_at.as_deref());
    text(&mut event, "created_at", paid_at);
    event.raw_field("data", &data.finish());
    VerifiedEvent::from_body(event.finish().as_bytes(), EventSource::CheckoutSession)
}

fn object(session: &CheckoutSessionDetails) -> String {
    let order = session.order.as_ref();
    let mut object = ObjectWriter::default();
    text(&mut object, "id", session.id.as_deref());
    text(&mut object, "object", Some("checkout_session"));
    let status = session.status.as_ref().map(SessionStatus::as_str);
    text(&mut object, "status", status);
    let billing_type = order.and_then(|order| order.billing_type.as_ref());
    let checkout_type = billing_type.map(BillingType::as_str);
    text(&mut object, "checkout_type", checkout_type);
    if let Some(customer) = &session.customer {
        object.raw_field("customer", &self::customer(customer));
    }
    let amount = order.and_then(|order| order.amount_total.as_ref());
    text(&mut object, "amount", amount.map(DecimalText::as_str));
    // The session's own currency is in lower case, that of orders and webhooks is in upper case.
    let currency = order.and_then(|order| order.sale_currency.as_ref());
    let currency = currency.or(session.currency.as_ref());
    let currency = currency.map(|code| code.to_ascii_uppercase());
    text(&mut object, "currency", currency.as_deref());
    let discount_code = session.discount_code.as_deref();
    text(&mut object, "discount_code", discount_code);
    if let Some(product) = &session.product {
        object.raw_field("product", &self::product(product));
    }
    let billing_address = session.billing_address.as_ref();
    converted(&mut object, "billing_address", billing_address);
    if let Some(metadata) = &session.metadata {
        object.raw_field("metadata", metadata.as_json());
    }
    converted(&mut object, "data", session.data.as_ref());
    text(&mut object, "created_on", session.created_on.as_deref());
    object.finish()
}

fn customer(customer: &SessionCustomer) -> String {
    let mut object = ObjectWriter::default();
    text(&mut object, "customer_id", customer.customer_id.as_deref());
    text(&mut object, "name", customer.name.as_deref());
    text(&mut object, "email", customer.email.as_deref());
    object.finish()
}

fn product(product: &SessionProduct) -> String {
    let mut object = ObjectWriter::default();
    text(&mut object, "id", product.id.as_deref());
    text(&mut object, "name", product.name.as_deref());
    object.finish()
}

/// Appends a string unless it is `None`.
fn text(object: &mut ObjectWriter, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        object.raw_field(key, &serde_json::Value::from(value).to_string());
    }
}

/// Appends JSON with `snake_case` keys unless it is `None`.
fn converted(object: &mut ObjectWriter, key: &str, value: Option<&JsonText>) {
    if let Some(value) = value {
        object.raw_field(key, &with_snake_case_keys(value.as_json()));
    }
}
