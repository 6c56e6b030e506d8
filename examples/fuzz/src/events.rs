//! Events and the models of their objects.

use std::fmt::Debug;

use kelviq_core::{
    __internal::stored_event, CheckoutCompleted, CheckoutMetadata, Customer, EventData,
    EventObject, EventSource, Invoice, Order, PaymentMethod, Refund, Subscription, UsageAlert,
    VerifiedEvent,
};
use serde_json::value::RawValue;

/// The metadata of a checkout.
#[derive(Debug, PartialEq, CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    seats: Option<u32>,
}

/// The input is the body of an event.
///
/// - An event has the body's bytes, and parts that are JSON.
/// - Every model is read from every object, and the model of the event's type equals the event's data.
/// - A model does not depend on the envelope, nor on whether its object has a key that is not Unicode. Such a key is skipped,
///   and makes readers fail that require Unicode.
/// - A checkout with typed metadata equals the checkout whose metadata is parsed afterwards.
///
/// Returns whether the input is an event.
pub fn events(data: &[u8]) -> bool {
    let Ok(event) = stored_event(data, EventSource::Stored) else {
        return false;
    };
    assert_eq!(event.raw_body(), data);
    assert!(!event.id().trim().is_empty() && event.id().len() <= 255);
    assert!(is_json(event.as_json()) && is_json(event.object_json()));
    assert!(event.previous_attributes_json().is_none_or(is_json));
    let has_keys = event.previous_keys().next().is_some();
    assert!(!has_keys || event.previous_attributes_json().is_some());

    let same = envelope(&event, event.event_type().as_str(), event.object_json());
    assert_eq!(same.data(), event.data());
    assert_data_is_object(&event);
    let object = event.object_json();
    model::<CheckoutCompleted>(&event, object);
    model::<Customer>(&event, object);
    model::<Invoice>(&event, object);
    model::<Order>(&event, object);
    model::<PaymentMethod>(&event, object);
    model::<Refund>(&event, object);
    model::<Subscription>(&event, object);
    model::<UsageAlert>(&event, object);
    typed_metadata(&event, object);
    let _ = format!("{event:?} {:?}", event.data());
    true
}

/// Reads an object as `T` in several ways, with the same result.
fn model<T: EventObject + Debug + PartialEq>(event: &VerifiedEvent, object: &str) {
    // An unknown type of event can have any object, unless the object names another kind.
    let unknown = envelope(event, "unknown", object);
    let Ok(model) = unknown.object::<T>() else {
        return;
    };
    if unknown.previous_attributes_json().is_some() {
        assert_eq!(unknown.previous::<T>().unwrap().as_ref(), Some(&model));
    }
    if let Some(entries) = object.strip_suffix('}') {
        let comma = if entries.trim_end().ends_with('{') {
            ""
        } else {
            ","
        };
        let object = format!(r#"{entries}{comma}"\ud800":0}}"#);
        let not_unicode = envelope(event, "unknown", &object);
        assert_eq!(not_unicode.object::<T>().unwrap(), model);
    }
}

/// Reads an object as a checkout with typed metadata in two ways, with the same result.
fn typed_metadata(event: &VerifiedEvent, object: &str) {
    let event = envelope(event, "checkout.completed", object);
    let EventData::CheckoutCompleted(typed) = event.data_as::<OrderMetadata>() else {
        panic!("a checkout");
    };
    let session = event.object::<CheckoutCompleted>().unwrap();
    assert_eq!(typed, session.with_metadata::<OrderMetadata>());
}

/// Creates an event of another type with this object, which is also the previous attributes.
fn envelope(event: &VerifiedEvent, event_type: &str, object: &str) -> VerifiedEvent {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let body = format!(
        r#"{{"data":{{"other":[],"previous_attributes":{object}, "object" : {object}}},"type":{},"id":{}}}"#,
        text(event_type),
        text(event.id()),
    );
    stored_event(body.as_bytes(), EventSource::Stored).unwrap()
}

fn assert_data_is_object(event: &VerifiedEvent) {
    fn same<T: EventObject + Debug + PartialEq>(event: &VerifiedEvent, data: &T) {
        assert_eq!(&event.object::<T>().unwrap(), data);
    }
    match &event.data() {
        EventData::CheckoutCompleted(session) => same(event, session),
        EventData::CustomerCreated(customer) | EventData::CustomerUpdated(customer) => {
            same(event, customer);
        }
        EventData::OrderCreated(order)
        | EventData::OrderUpdated(order)
        | EventData::OrderRefunded(order) => same(event, order),
        EventData::SubscriptionCreated(subscription)
        | EventData::SubscriptionUpdated(subscription)
        | EventData::SubscriptionCancelled(subscription)
        | EventData::SubscriptionPlanChanged(subscription) => same(event, subscription),
        EventData::FeatureUsageAlert(alert) => same(event, alert),
        EventData::InvoiceCreated(invoice)
        | EventData::InvoicePaid(invoice)
        | EventData::InvoicePaymentFailed(invoice) => same(event, invoice),
        EventData::RefundCreated(refund) | EventData::RefundUpdated(refund) => same(event, refund),
        EventData::PaymentMethodCreated(method)
        | EventData::PaymentMethodUpdated(method)
        | EventData::PaymentMethodDeleted(method) => same(event, method),
        EventData::Other { object, .. } => assert_eq!(object.as_json(), event.object_json()),
        _ => {}
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}
