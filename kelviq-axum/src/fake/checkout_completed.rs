//! The `checkout.completed` event, with every field of the example in Kelviq's documentation.

use std::time::SystemTime;

use serde_json::json;

use super::{
    customers::customer::Customer,
    event::Event,
    product::{ORGANIZATION, PRODUCT, PRODUCT_NAME},
    session::{Session, display_name},
    timestamp::rfc3339,
};

/// Creates the event of a session that `customer` paid at `paid`.
pub(super) fn checkout_completed(
    session: &Session,
    customer: &Customer,
    paid: SystemTime,
) -> Event {
    let checkout = &session.checkout;
    let field = |name: &str| checkout.fields.get(name).cloned().unwrap_or_default();
    let price = &session.price;
    let object = json!({
        "id": checkout.id,
        "object": "checkout_session",
        "status": "success",
        "checkout_type": checkout_type(session),
        "customer_id": customer.kelviq_id(),
        "customer": customer.event_json(),
        "organization": ORGANIZATION,
        "amount": price.amount(),
        "amount_units": price.units,
        "currency": price.currency,
        "discount_code": checkout.text("discountCode").unwrap_or_default(),
        "features": field("features"),
        "plan": {
            "name": display_name(checkout.plan()),
            "version": 1,
            "identifier": checkout.plan(),
        },
        "product": {"id": PRODUCT, "name": PRODUCT_NAME},
        "billing_address": customer.event_address(),
        "data": {
            "name": customer.name,
            "email": customer.email,
            "referer": null,
            "cancel_url": field("cancelUrl"),
            "success_url": field("successUrl"),
            "tax_behavior": checkout.text("taxBehavior").unwrap_or("EXCLUSIVE"),
            "discounts_enabled": field("discountsEnabled").as_bool().unwrap_or(true),
        },
        "created_on": rfc3339(session.created),
        "modified_on": rfc3339(paid),
    });
    let object = checkout.json_with_metadata(&object);
    Event::new("checkout.completed", &object, paid)
}

/// Returns whether a checkout is a one-time purchase or a subscription.
pub(super) fn checkout_type(session: &Session) -> &'static str {
    match session.checkout.text("chargePeriod") {
        Some("ONE_TIME") => "ONE_TIME",
        _ => "SUBSCRIPTION",
    }
}
