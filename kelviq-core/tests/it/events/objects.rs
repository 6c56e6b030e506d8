//! The types that the object of an event can be read as.

use kelviq_core::{
    CheckoutCompleted, CheckoutMetadata, Customer, ErrorKind, EventData, EventObject, Invoice,
    Order, PaymentMethod, Refund, Subscription, UsageAlert, VerifiedEvent,
};

use crate::events::fixtures::{FIXTURES, event_about, fixture};

/// The types by which an event's object was read.
fn readable(event: &VerifiedEvent) -> Vec<&'static str> {
    fn as_type<T: EventObject>(event: &VerifiedEvent) -> Option<&'static str> {
        let previous = event.previous::<T>();
        let Err(error) = event.object::<T>() else {
            assert!(previous.is_ok());
            return Some(std::any::type_name::<T>());
        };
        assert_eq!(error.kind(), ErrorKind::EventObject);
        assert_eq!(error.response_status(), 500);
        assert_eq!(previous.err().unwrap().to_string(), error.to_string());
        let name = std::any::type_name::<T>().split('<').next().unwrap();
        let name = format!("`{}`", name.rsplit("::").next().unwrap());
        let event_type = format!("`{}`", event.event_type());
        let text = error.to_string();
        assert!(text.contains(&name), "{text}");
        assert!(text.contains(&event_type), "{text}");
        None
    }
    [
        as_type::<CheckoutCompleted>(event),
        as_type::<Customer>(event),
        as_type::<Invoice>(event),
        as_type::<Order>(event),
        as_type::<PaymentMethod>(event),
        as_type::<Refund>(event),
        as_type::<Subscription>(event),
        as_type::<UsageAlert>(event),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn an_event_is_read_as_the_type_of_its_object_only() {
    for (event_type, _) in FIXTURES {
        let event = fixture(event_type);
        let types = readable(&event);
        assert_eq!(types.len(), 1, "{event_type}: {types:?}");
        // The type of the event counts, not the JSON.
        assert_eq!(
            readable(&event_about(event_type, r#"{"object":"x"}"#)),
            types
        );
    }
}

#[test]
fn an_event_of_an_unknown_type_is_read_as_the_type_that_its_object_names() {
    let renewed = |object: &str| event_about("subscription.renewed", object);
    let subscription: Subscription = renewed(r#"{"object":"subscription","id":"s"}"#)
        .object()
        .unwrap();
    assert_eq!(subscription.id.as_deref(), Some("s"));
    let named = readable(&renewed(r#"{"object":"subscription"}"#));
    assert_eq!(named, [std::any::type_name::<Subscription>()]);
    // If it names none of the known types, the caller knows.
    for object in ["{}", r#"{"object":"renewal"}"#, r#"{"object":7}"#, "null"] {
        assert_eq!(readable(&renewed(object)).len(), 8, "{object}");
    }
}

#[test]
fn the_message_names_the_event_and_both_kinds() {
    let error = fixture("customer.created").object::<Order>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the object of a `customer.created` event cannot be read as `Order`: its kind is `customer`, not `order`"
    );
}

#[test]
fn data_as_parses_the_metadata_and_data_accepts_any() {
    #[derive(CheckoutMetadata, Debug, PartialEq)]
    struct OrderMetadata {
        order_ref: String,
    }

    let event = event_about(
        "checkout.completed",
        r#"{"metadata":{"order_ref":"o-1","n":1.50}}"#,
    );
    let EventData::CheckoutCompleted(session) = event.data() else {
        panic!("{event:?}")
    };
    assert_eq!(
        session.metadata.unwrap().as_json(),
        r#"{"order_ref":"o-1","n":1.50}"#
    );
    let EventData::CheckoutCompleted(session) = event.data_as::<OrderMetadata>() else {
        panic!("{event:?}")
    };
    assert_eq!(session.metadata.unwrap().order_ref, "o-1");
}
