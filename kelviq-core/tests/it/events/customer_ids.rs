//! The application's id of the customer, in events of every type.

use kelviq_core::__internal::logged_event;

use super::fixtures::{APP_CUSTOMER_ID, FIXTURES, KELVIQ_CUSTOMER_ID, event, event_about, fixture};

#[test]
fn every_event_has_the_id_of_the_application() {
    for (event_type, body) in FIXTURES {
        let id = fixture(event_type).customer_id();
        assert_eq!(id.as_deref(), Some(APP_CUSTOMER_ID), "{event_type}");
        let logged = logged_event(&body.replace("customer_id", "customerId")).unwrap();
        assert_eq!(logged.customer_id(), id, "{event_type}");
    }
}

#[test]
fn the_id_of_kelviq_is_never_returned() {
    for (event_type, object, expected) in [
        // In most objects, the field is Kelviq's.
        ("order.created", r#"{"customer_id":"K"}"#, None),
        (
            "invoice.paid",
            r#"{"customer_id":"K","customer":null}"#,
            None,
        ),
        (
            "checkout.completed",
            r#"{"customer_id":"K","customer":{"id":"K","customer_id":null}}"#,
            None,
        ),
        (
            "order.created",
            r#"{"customer_id":"K","customer":{"customer_id":"app"}}"#,
            Some("app"),
        ),
        // In these two, it is the application's.
        (
            "customer.updated",
            r#"{"id":"K","customer_id":"app"}"#,
            Some("app"),
        ),
        (
            "payment_method.created",
            r#"{"customer_id":"app","customer":{"id":"K"}}"#,
            Some("app"),
        ),
        // Types that Kelviq has added.
        (
            "customer.archived",
            r#"{"object":"customer","id":"K","customer_id":"app"}"#,
            Some("app"),
        ),
        ("customer.note", r#"{"customer_id":"K"}"#, None),
        (
            "subscription.renewed",
            r#"{"customer_id":"K","customer":{"customer_id":7}}"#,
            Some("7"),
        ),
        (
            "trial.ending",
            r#"{"object":"trial","customer_id":"K"}"#,
            None,
        ),
        // No usable id.
        ("customer.created", r#"{"customer_id":" "}"#, None),
        ("customer.created", r#"{"customer_id":["app"]}"#, None),
        ("order.created", r#"{"customer":"app"}"#, None),
        ("order.created", "[]", None),
        ("order.created", "null", None),
    ] {
        let id = event_about(event_type, object).customer_id();
        assert_eq!(id.as_deref(), expected, "{event_type} {object}");
    }
    assert_eq!(
        event(r#"{"id":"evt_1","type":"order.created"}"#).customer_id(),
        None
    );
    for (event_type, _) in FIXTURES {
        assert_ne!(
            fixture(event_type).customer_id().unwrap(),
            KELVIQ_CUSTOMER_ID
        );
    }
}
