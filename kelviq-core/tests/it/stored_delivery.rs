//! Deliveries that are stored as they arrived, and verified later.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use kelviq_core::{ErrorKind, WebhookDelivery, WebhookHeaders, WebhookSecret, WebhookVerifier};
use serde_json::{Value, json};

const BODY: &str = r#"{"id":"evt_1","type":"customer.created","data":{"object":{"name":"Ada ☃"}}}"#;

fn secret() -> WebhookSecret {
    WebhookSecret::new("kq_whsec_stored").unwrap()
}

fn received_at() -> SystemTime {
    UNIX_EPOCH + Duration::new(1_700_000_010, 123_456_789)
}

fn delivery(body: &[u8]) -> WebhookDelivery {
    let signature = secret().sign("evt_1", "1700000000", body);
    let headers = WebhookHeaders::new("evt_1", "1700000000", &signature);
    WebhookDelivery::new(headers, body, received_at())
}

fn stored(delivery: &WebhookDelivery) -> WebhookDelivery {
    serde_json::from_str(&serde_json::to_string(delivery).unwrap()).unwrap()
}

#[test]
fn a_stored_delivery_is_verified_years_later() {
    let delivery = delivery(BODY.as_bytes());
    let read = stored(&delivery);
    assert_eq!(read, delivery);
    assert_eq!(read.body(), BODY.as_bytes());
    assert_eq!(read.received_at(), received_at());
    let verifier = WebhookVerifier::new(secret());
    let event = verifier.verify_delivery(&read).unwrap();
    assert_eq!(event.id(), "evt_1");
    assert_eq!(event.as_json(), BODY);
    // With the current time, the timestamp is outside the tolerance.
    let error = verifier.verify(read.headers(), read.body()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookTimestamp);
}

#[test]
fn the_stored_form_is_readable_and_complete() {
    let value = serde_json::to_value(delivery(BODY.as_bytes())).unwrap();
    let signature = secret().sign("evt_1", "1700000000", BODY.as_bytes());
    let expected = json!({
        "id": "evt_1",
        "timestamp": "1700000000",
        "signatures": [signature],
        "body": {"text": BODY},
        "received_at": "2023-11-14T22:13:30.123456789Z",
    });
    assert_eq!(value, expected);
}

#[test]
fn a_body_that_is_not_utf_8_is_stored_unchanged() {
    let body = b"{\"id\":\"evt_1\",\"type\":\"x\",\"data\":{\"object\":{\"name\":\"\xff\"}}}";
    let read = stored(&delivery(body));
    assert_eq!(read.body(), body);
    let event = WebhookVerifier::new(secret())
        .verify_delivery(&read)
        .unwrap();
    assert_eq!(event.raw_body(), body);
}

#[test]
fn several_signature_lines_are_kept() {
    let body = BODY.as_bytes();
    let (wrong, good) = ("v1,00", secret().sign("evt_1", "1700000000", body));
    let headers = WebhookHeaders::from_pairs([
        ("webhook-id", "evt_1"),
        ("webhook-timestamp", "1700000000"),
        ("webhook-signature", wrong),
        ("webhook-signature", &good),
    ]);
    let read = stored(&WebhookDelivery::new(headers, body, received_at()));
    assert!(
        WebhookVerifier::new(secret())
            .verify_delivery(&read)
            .is_ok()
    );
}

#[test]
fn a_changed_or_malformed_delivery_is_rejected() {
    let verifier = WebhookVerifier::new(secret());
    let value = serde_json::to_value(delivery(BODY.as_bytes())).unwrap();
    let with = |key: &str, new: Value| {
        let mut value = value.clone();
        value[key] = new;
        serde_json::from_value::<WebhookDelivery>(value)
    };
    for (key, new, kind) in [
        ("id", json!("evt_2"), ErrorKind::WebhookSignature),
        ("id", json!(null), ErrorKind::WebhookHeaders),
        (
            "timestamp",
            json!("1700000001"),
            ErrorKind::WebhookSignature,
        ),
        ("signatures", json!([]), ErrorKind::WebhookHeaders),
        ("body", json!({"text": "{}"}), ErrorKind::WebhookSignature),
        ("body", json!({"hex": "7b7d"}), ErrorKind::WebhookSignature),
        (
            "received_at",
            json!("2023-11-14T23:13:30Z"),
            ErrorKind::WebhookTimestamp,
        ),
    ] {
        let error = verifier
            .verify_delivery(&with(key, new).unwrap())
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{key}");
    }
    for (key, new) in [
        ("body", json!({"hex": "x"})),
        ("body", json!(BODY)),
        ("received_at", json!("yesterday")),
        ("received_at", json!(1_700_000_010)),
    ] {
        assert!(with(key, new).is_err(), "{key}");
    }

    let malformed = WebhookHeaders::from_pairs(WebhookHeaders::NAMES.map(|name| (name, b"\xff")));
    let read = stored(&WebhookDelivery::new(malformed, "", SystemTime::now()));
    assert!(verifier.verify_delivery(&read).is_err());
    let missing = WebhookHeaders::default();
    let read = stored(&WebhookDelivery::new(missing, "", SystemTime::now()));
    let error = verifier.verify_delivery(&read).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookHeaders);
}

#[test]
fn a_time_outside_of_the_calendar_is_stored_as_its_limit() {
    let far = Duration::from_secs(1 << 48);
    for (time, year) in [(UNIX_EPOCH + far, "9999-"), (UNIX_EPOCH - far, "-00")] {
        let delivery = WebhookDelivery::new(WebhookHeaders::default(), "", time);
        let value = serde_json::to_value(&delivery).unwrap();
        let text = value["received_at"].as_str().unwrap();
        assert!(text.starts_with(year), "{text}");
    }
}

#[test]
fn debug_omits_the_body() {
    let text = format!("{:?}", delivery(BODY.as_bytes()));
    assert!(text.contains("evt_1") && !text.contains("Ada"), "{text}");
}

#[test]
fn headers_are_found_whatever_the_case_of_their_names_is() {
    let signature = secret().sign("evt_1", "1700000000", BODY.as_bytes());
    let verifier = WebhookVerifier::new(secret());
    for names in [
        ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"],
        ["WEBHOOK-ID", "WEBHOOK-TIMESTAMP", "WEBHOOK-SIGNATURE"],
        WebhookHeaders::NAMES,
    ] {
        let values = ["evt_1", "1700000000", &signature];
        let mut headers: HashMap<String, String> = names
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        headers.insert("Content-Type".to_owned(), "application/json".to_owned());
        let headers = WebhookHeaders::from_pairs(&headers);
        let result = verifier.verify_at(headers, BODY.as_bytes(), received_at());
        assert!(result.is_ok(), "{names:?}");
    }
}
