//! Signed deliveries of one event of every type.

use std::time::{Duration, UNIX_EPOCH};

use kelviq_core::{
    Error, EventData, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
};

macro_rules! fixtures {
    ($($event_type:literal,)+) => {
        /// The event types and the bodies of their deliveries.
        pub(crate) const FIXTURES: &[(&str, &str)] = &[
            $(($event_type, include_str!(concat!("../../fixtures/", $event_type, ".json"))),)+
        ];
    };
}

fixtures! {
    "checkout.completed",
    "customer.created",
    "customer.updated",
    "order.created",
    "order.updated",
    "order.refunded",
    "subscription.created",
    "subscription.updated",
    "subscription.cancelled",
    "subscription.plan_changed",
    "feature.usage_alert",
    "invoice.created",
    "invoice.paid",
    "invoice.payment_failed",
    "refund.created",
    "refund.updated",
    "payment_method.created",
    "payment_method.updated",
    "payment_method.deleted",
}

/// The ids of the customer in all fixtures.
pub(crate) const KELVIQ_CUSTOMER_ID: &str = "5d0e1f6a-0b7c-4d8e-9a21-3c4b5a697887";
pub(crate) const APP_CUSTOMER_ID: &str = "user-7041";

pub(crate) fn fixture(event_type: &str) -> VerifiedEvent {
    let (_, body) = FIXTURES
        .iter()
        .find(|(name, _)| *name == event_type)
        .unwrap();
    event(body)
}

/// An event of the given type with the given object.
pub(crate) fn event_about(event_type: &str, object: &str) -> VerifiedEvent {
    event(&format!(
        r#"{{"id":"evt_1","type":"{event_type}","data":{{"object":{object}}}}}"#
    ))
}

pub(crate) fn event(body: &str) -> VerifiedEvent {
    deliver(body).unwrap_or_else(|error| panic!("{error}: {body:.500}"))
}

pub(crate) fn deliver(body: &str) -> Result<VerifiedEvent, Error> {
    deliver_bytes(body.as_bytes())
}

pub(crate) fn deliver_bytes(body: &[u8]) -> Result<VerifiedEvent, Error> {
    let secret = WebhookSecret::new("kq_whsec_fixtures").unwrap();
    let signature = secret.sign("msg_1", "1700000000", body);
    WebhookVerifier::new(secret).verify_at(
        WebhookHeaders::new("msg_1", "1700000000", &signature),
        body,
        UNIX_EPOCH + Duration::from_secs(1_700_000_000),
    )
}

pub(crate) fn data(body: &str) -> EventData {
    event(body).data()
}
