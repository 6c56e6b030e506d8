//! The `checkout.completed` event, with every field of the example in Kelviq's documentation.

use std::time::SystemTime;

use serde_json::json;

use super::{
    event::Event,
    ids,
    session::{Session, display_name},
    timestamp::rfc3339,
};

/// Creates the event of a session that was paid at `paid`.
pub(super) fn checkout_completed(session: &Session, paid: SystemTime) -> Event {
    let checkout = &session.checkout;
    let field = |name: &str| checkout.fields.get(name).cloned().unwrap_or_default();
    let price = &session.price;
    let kelviq_customer_id = ids::kelviq_customer_id(&session.customer_id);
    let billing_address = json!({
        "line1": null,
        "line2": null,
        "city": null,
        "state": null,
        "postal_code": "12345",
        "country": checkout.text("defaultBillingCountry").unwrap_or("US"),
    });
    let object = json!({
        "id": checkout.id,
        "object": "checkout_session",
        "status": "success",
        "checkout_type": checkout_type(session),
        "customer_id": kelviq_customer_id,
        "customer": {
            "id": kelviq_customer_id,
            "name": BUYER_NAME,
            "email": BUYER_EMAIL,
            "customer_id": session.customer_id,
            "billing_address": billing_address,
        },
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
        "billing_address": billing_address,
        "data": {
            "name": BUYER_NAME,
            "email": BUYER_EMAIL,
            "referer": null,
            "cancel_url": field("cancelUrl"),
            "success_url": field("successUrl"),
            "tax_behavior": checkout.text("taxBehavior").unwrap_or("EXCLUSIVE"),
            "discounts_enabled": field("discountsEnabled").as_bool().unwrap_or(true),
        },
        "created_on": rfc3339(session.created),
        "modified_on": rfc3339(paid),
    });
    Event::checkout_completed(checkout.json_with_metadata(&object), paid)
}

/// Returns whether a checkout is a one-time purchase or a subscription.
pub(super) fn checkout_type(session: &Session) -> &'static str {
    match session.checkout.text("chargePeriod") {
        Some("ONE_TIME") => "ONE_TIME",
        _ => "SUBSCRIPTION",
    }
}

pub(super) const BUYER_NAME: &str = "Test Buyer";
pub(super) const BUYER_EMAIL: &str = "buyer@example.com";
pub(super) const PRODUCT: &str = "0b9d1d3a-52c4-4f6e-8a71-6a3e9c5d2f20";
pub(super) const PRODUCT_NAME: &str = "Test product";
const ORGANIZATION: &str = "5f0c8c1e-7b0a-4c57-9a43-2d6f0c1b7e11";
