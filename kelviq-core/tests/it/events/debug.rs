//! The `Debug` output of events, which applications log.

use kelviq_core::{CheckoutCompleted, Customer, EventData, Subscription};

use crate::events::fixtures::{
    APP_CUSTOMER_ID, FIXTURES, KELVIQ_CUSTOMER_ID, event, event_about, fixture,
};

/// The personal data in the fixtures, with discount codes and the signatures in URLs.
const PERSONAL: &[&str] = &[
    "Mira",
    "mira.",
    "12 Harbour Lane",
    "Flat 3b",
    "Rotterdam",
    "Zuid-Holland",
    "3011 WK",
    "Ama Boateng",
    "R-2041",
    "trade fair",
    "by hand",
    "blog.example.net",
    "app.example.com",
    "s1gn3d",
    "0707",
    "2041",
    "SPRING",
];

#[test]
fn it_shows_nothing_personal() {
    for text in PERSONAL {
        let is_in = |(_, body): &&(&str, &str)| body.contains(text);
        assert!(FIXTURES.iter().any(|fixture| is_in(&fixture)), "{text}");
    }
    for (event_type, body) in FIXTURES {
        let event = event(body);
        let data: EventData = event.data();
        let unknown: EventData = event_about("brand.new", event.object_json()).data();
        let previous = (
            event.previous::<Customer>(),
            event.previous::<Subscription>(),
        );
        let shown = format!("{event:?} {data:?} {unknown:?} {previous:?} {data:#?}");
        for text in PERSONAL {
            assert!(!shown.contains(text), "{event_type} shows {text}: {shown}");
        }
    }
}

#[test]
fn it_shows_ids_types_statuses_and_amounts() {
    for (event_type, _) in FIXTURES {
        let data: EventData = fixture(event_type).data();
        let shown = format!("{data:?}");
        for id in [KELVIQ_CUSTOMER_ID, APP_CUSTOMER_ID] {
            assert!(shown.contains(id), "{event_type}: {shown}");
        }
    }
    let shown = format!("{:?}", fixture("refund.created").data());
    for text in [
        r#"order_id: Some("ORD-20270520-FX01")"#,
        "status: Some(Pending)",
        "reason: Some(Duplicate)",
        r#"amount: Some(DecimalText("12.0"))"#,
        "amount_units: Some(1200)",
        "name: Some([redacted])",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
}

#[test]
fn it_distinguishes_missing_personal_fields_from_redacted_ones() {
    let session: CheckoutCompleted = event_about(
        "checkout.completed",
        r#"{"customer":{"name":"Mira"},"metadata":7}"#,
    )
    .object()
    .unwrap();
    let shown = format!("{session:?}");
    assert!(
        shown.contains("name: Some([redacted]), email: None"),
        "{shown}"
    );
    let metadata = "metadata: Err(MetadataError(metadata: expected a JSON object, found a number))";
    assert!(shown.contains(metadata), "{shown}");
}
