//! Events that do not come from a delivery: from a store, the webhook log, or a checkout session.

use kelviq_core::{
    __internal::{logged_event, stored_event},
    CheckoutCompleted, ErrorKind, EventSource, EventType, Subscription,
};
use serde_json::{Map, Value};

use crate::events::fixtures::{FIXTURES, event};

#[test]
fn a_stored_event_is_read_without_its_signature() {
    for (event_type, body) in FIXTURES {
        let stored = stored_event(body.as_bytes(), EventSource::Stored).unwrap();
        assert_eq!(stored.source(), EventSource::Stored);
        assert_eq!(stored.event_type().as_str(), *event_type);
        assert_eq!(stored.raw_body(), body.as_bytes());
        assert_eq!(stored.data(), event(body).data());
    }
    let body =
        b"\xef\xbb\xbf{\"id\":\"evt_1\",\"type\":\"x\",\"data\":{\"object\":{\"name\":\"\xff\"}}}";
    let stored = stored_event(body, EventSource::Stored).unwrap();
    assert_eq!(stored.raw_body(), body);
    assert_eq!(stored.object_json(), "{\"name\":\"\u{fffd}\"}");

    let error = stored_event(b"{}", EventSource::Stored).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookPayload);
    assert!(!error.to_string().contains("signature"), "{error}");
}

#[test]
fn a_logged_event_is_read_in_either_case() {
    for (event_type, body) in FIXTURES {
        let delivered = event(body);
        let payload: Value = serde_json::from_str(body).unwrap();
        let recased = camel_case(&payload);
        assert_ne!(recased, payload, "{event_type}");
        for payload in [(*body).to_owned(), recased.to_string()] {
            let logged = logged_event(&payload).unwrap();
            assert_eq!(logged.source(), EventSource::WebhookLog);
            assert_eq!(logged.id(), delivered.id());
            assert_eq!(logged.created_at(), delivered.created_at());
            assert_eq!(logged.event_type(), delivered.event_type());
            for (logged, delivered) in [
                (logged.as_json(), *body),
                (logged.object_json(), delivered.object_json()),
                (
                    logged.previous_attributes_json().unwrap_or("null"),
                    delivered.previous_attributes_json().unwrap_or("null"),
                ),
            ] {
                let value = |json| serde_json::from_str::<Value>(json).unwrap();
                assert_eq!(value(logged), value(delivered), "{event_type}");
            }
        }
    }
}

/// Converts keys to camelCase, except in metadata.
fn camel_case(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| {
                if matches!(&**key, "metadata" | "details") {
                    return (key.clone(), value.clone());
                }
                let mut camel = String::new();
                for (index, part) in key.split('_').enumerate() {
                    let (first, rest) = part.split_at(1);
                    let first = if index == 0 {
                        first.into()
                    } else {
                        first.to_uppercase()
                    };
                    camel = camel + &first + rest;
                }
                (camel, camel_case(value))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(camel_case).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_logged_event_keeps_values_and_metadata_as_text() {
    let metadata = r#"{ "orderRef":"A\u0042C","order_ref":1.10,"n":12345678901234567890123,"deepKey":[{"innerKey":1}] }"#;
    let payload = format!(
        r#"{{"id":"evt_1","type":"checkout.completed","createdAt":"2026-04-01T17:28:39Z","data":{{"object":{{
            "id":"cs_1","amount":1.10,"amountUnits":110,"discountCode":"wrong","discount_code":"right",
            "features":[{{"featureId":"seats","max":1e400}}],"already_snake":{{"X-Header":1,"Upper":2,"with spaceA":3}},
            "metadata":{metadata}}},"previousAttributes":{{"modifiedOn":null}}}}}}"#
    );
    let event = logged_event(&payload).unwrap();
    assert_eq!(
        event.created_at().map(kelviq_core::TimeText::as_str),
        Some("2026-04-01T17:28:39Z")
    );
    assert_eq!(event.previous_keys().collect::<Vec<_>>(), ["modified_on"]);
    assert_eq!(
        event.object_json(),
        format!(
            r#"{{"id":"cs_1","amount":1.10,"amount_units":110,"discount_code":"right","features":[{{"feature_id":"seats","max":1e400}}],"already_snake":{{"X-Header":1,"Upper":2,"with spaceA":3}},"metadata":{metadata}}}"#
        )
    );
    assert_eq!(event.raw_body(), event.as_json().as_bytes());
    let session: CheckoutCompleted = event.object().unwrap();
    assert_eq!(session.amount_units, Some(110));
    assert_eq!(session.metadata.unwrap().as_json(), metadata);
}

#[test]
fn a_logged_event_with_unusual_json_is_an_event_or_an_error() {
    let deep = format!(
        r#"{{"id":"evt_1","type":"x","data":{{"object":{}{}}}}}"#,
        r#"{"aB":["#.repeat(20_000),
        "]}".repeat(20_000)
    );
    let event = logged_event(&deep).unwrap();
    assert!(event.object_json().starts_with(r#"{"a_b":[{"a_b":["#));
    assert_eq!(event.object::<Subscription>().unwrap().id, None);

    for payload in ["", "null", "[]", "7", "{", r#"{"id":"evt_1"}"#] {
        let error = logged_event(payload).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookPayload, "{payload}");
        assert!(!error.to_string().contains("signature"), "{error}");
    }
}

#[test]
fn a_claim_of_a_checkout_is_not_an_event_of_its_own() {
    let event = event(FIXTURES[0].1);
    assert_eq!(*event.event_type(), EventType::CheckoutCompleted);
    assert!(!event.is_checkout_claim());
    let claim = event.with_claim_id("checkout:cs_1".into());
    assert!(claim.is_checkout_claim());
    assert_eq!(claim.id(), "checkout:cs_1");
    assert_eq!(claim.source(), event.source());
    assert_eq!(claim.raw_body(), event.raw_body());
}

#[cfg(feature = "client")]
mod checkout_session {
    use kelviq_core::{
        __internal::checkout_session_event, BillingType, CheckoutMetadata, CheckoutSessionDetails,
        ErrorKind, EventData, EventSource, SessionStatus,
    };

    use crate::support::upstream::{Upstream, ok};

    async fn session(body: &str) -> CheckoutSessionDetails {
        let upstream = Upstream::responding([ok(body)]).await;
        let kelviq = upstream.client();
        kelviq.retrieve_checkout_session("cs_1").await.unwrap()
    }

    #[derive(CheckoutMetadata, Debug)]
    struct OrderMetadata {
        order_ref: String,
    }

    #[tokio::test]
    async fn a_paid_session_becomes_the_event_of_its_checkout() {
        let metadata = r#"{ "order_ref":"ABC-123", "customerId":1.10 }"#;
        let session = session(&format!(
            r#"{{"id":"cs_1","status":"success","currency":"usd","createdOn":"2026-09-01T10:00:00Z","discountCode":"TEN",
            "customer":{{"customerId":"cust_789","name":"Ada","email":"ada@b.example"}},
            "product":{{"id":"0b54d1c2","identifier":"suite","name":"Suite"}},
            "billingAddress":{{"line1":"Main Street 1","postalCode":"12345","country":"DE"}},
            "metadata":{metadata},
            "data":{{"successUrl":"https://a.example/?reference=r","taxBehavior":"EXCLUSIVE","discountsEnabled":true}},
            "order":{{"id":"ORD-1","status":"COMPLETE","paidAt":"2026-09-01T10:01:00Z","billingType":"SUBSCRIPTION",
                "amountTotal":"261.00","saleCurrency":"EUR"}}}}"#
        ))
        .await;
        let event = checkout_session_event(&session).unwrap();
        assert_eq!(event.id(), "checkout.completed:cs_1");
        assert_eq!(event.source(), EventSource::CheckoutSession);
        assert_eq!(
            event.created_at().map(kelviq_core::TimeText::as_str),
            Some("2026-09-01T10:01:00Z")
        );
        assert!(!event.is_checkout_claim());
        let EventData::CheckoutCompleted(paid) = event.data_as::<OrderMetadata>() else {
            panic!("{event:?}");
        };
        assert_eq!(paid.key(), "cs_1");
        assert_eq!(paid.session_id.as_deref(), Some("cs_1"));
        assert_eq!(paid.status, Some(SessionStatus::Success));
        assert_eq!(paid.checkout_type, Some(BillingType::Subscription));
        assert_eq!(paid.amount.unwrap().as_str(), "261.00");
        assert_eq!(paid.amount_units, None);
        assert_eq!(paid.currency.as_deref(), Some("EUR"));
        assert_eq!(paid.discount_code.as_deref(), Some("TEN"));
        assert_eq!(paid.metadata.unwrap().order_ref, "ABC-123");
        assert_eq!(paid.kelviq_customer_id, None);
        assert_eq!(event.customer_id().as_deref(), Some("cust_789"));
        let customer = paid.customer.unwrap();
        assert_eq!(customer.customer_id.as_deref(), Some("cust_789"));
        assert_eq!(customer.kelviq_customer_id, None);
        assert_eq!(customer.email.as_deref(), Some("ada@b.example"));
        let address = paid.billing_address.unwrap();
        assert_eq!(address.postal_code.as_deref(), Some("12345"));
        assert_eq!(paid.product.unwrap().name.as_deref(), Some("Suite"));
        let data = paid.data.unwrap();
        assert_eq!(
            data.success_url.as_deref(),
            Some("https://a.example/?reference=r")
        );
        assert_eq!(data.discounts_enabled, Some(true));
        assert_eq!(paid.created_on.as_deref(), Some("2026-09-01T10:00:00Z"));

        let EventData::CheckoutCompleted(paid) = event.data() else {
            panic!("{event:?}");
        };
        assert_eq!(paid.metadata.unwrap().as_json(), metadata);
    }

    #[tokio::test]
    async fn the_session_of_a_list_has_no_amount_and_its_currency_is_in_upper_case() {
        let session = session(r#"{"id":"cs_1","status":"success","currency":"usd"}"#).await;
        let event = checkout_session_event(&session).unwrap();
        let EventData::CheckoutCompleted(paid) = event.data() else {
            panic!("{event:?}");
        };
        assert_eq!(paid.amount, None);
        assert_eq!(paid.currency.as_deref(), Some("USD"));
        assert_eq!(event.created_at(), None);
        assert!(paid.metadata.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_session_with_an_unknown_status_and_a_paid_order_is_paid() {
        for (status, order, paid) in [
            ("success", "null", true),
            ("settled", r#"{"status":"COMPLETE"}"#, true),
            ("open", r#"{"status":"PARTIAL_REFUND"}"#, true),
            (
                "settled",
                r#"{"status":"PAID","paidAt":"2026-04-01T17:28:39Z"}"#,
                true,
            ),
            ("settled", r#"{"status":"PAID"}"#, false),
            ("settled", "null", false),
            ("open", r#"{"status":"PENDING"}"#, false),
            ("open", r#"{"status":"REFUNDED"}"#, false),
        ] {
            let body = format!(r#"{{"id":"cs_1","status":"{status}","order":{order}}}"#);
            let session = session(&body).await;
            assert_eq!(session.is_paid(), paid, "{body}");
            assert_eq!(checkout_session_event(&session).is_ok(), paid, "{body}");
        }
    }

    #[tokio::test]
    async fn a_session_whose_id_does_not_fit_into_the_id_of_an_event_is_an_error() {
        let mut session = session(r#"{"status":"success"}"#).await;
        for id in [None, Some("x".repeat(300)), Some("cs_\n".into())] {
            session.id = id;
            let error = checkout_session_event(&session).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WebhookPayload);
        }
        session.id = Some("x".repeat(255 - "checkout.completed:".len()));
        assert!(checkout_session_event(&session).is_ok());
    }
}
