//! A payment's event, and its deliveries.

use std::{
    convert::Infallible,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use kelviq_axum::fake::FakeKelviq;
use kelviq_core::{
    CheckoutCompleted, ErrorKind, EventData, Metadata, VerifiedEvent, WebhookSecret,
    WebhookVerifier,
};
use serde_json::{Value, json};

use super::support::{SUCCESS_URL, body, created, webhook_headers};

/// Responds to a delivery with the event's id, or with 401 and the kind of the error.
async fn verify(State(secret): State<WebhookSecret>, headers: HeaderMap, body: Bytes) -> Response {
    match WebhookVerifier::new(secret).verify(webhook_headers(&headers), &body) {
        Ok(event) => event.id().to_owned().into_response(),
        Err(error) => (StatusCode::UNAUTHORIZED, format!("{:?}", error.kind())).into_response(),
    }
}

fn app(kelviq: &FakeKelviq) -> Router {
    Router::new()
        .route("/webhooks/kelviq", post(verify))
        .with_state(kelviq.webhook_secret())
}

async fn text(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Pays a session and verifies its event as an app does.
async fn event(kelviq: &FakeKelviq, session_id: &str) -> VerifiedEvent {
    let request = kelviq.pay(session_id).request("/webhooks/kelviq");
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    WebhookVerifier::new(kelviq.webhook_secret())
        .verify(webhook_headers(&parts.headers), &body)
        .unwrap()
}

#[tokio::test]
async fn a_payment_is_delivered_to_the_app() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let id = created(&kelviq, body("")).await;
    let payment = kelviq.pay(&id);
    let response = payment.deliver_to(&app, "/webhooks/kelviq").await;
    assert_eq!(text(response).await, (200, payment.event_id().to_owned()));
    assert!(kelviq.checkouts()[0].is_paid);

    // Delivering or paying again gives the same event.
    let response = payment.deliver_to(&app, "/webhooks/kelviq").await;
    assert_eq!(text(response).await, (200, payment.event_id().to_owned()));
    assert_eq!(kelviq.pay(&id).as_json(), payment.as_json());
}

#[tokio::test]
async fn a_checkout_can_be_announced_again_under_another_event_id() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let metadata = r#"{"z":1.10,"a":12345678901234567890123}"#;
    let id = created(&kelviq, body(&format!(r#","metadata":{metadata}"#))).await;
    let payment = kelviq.pay(&id);
    let again = payment.again_as_new_event();
    let response = again.deliver_to(&app, "/webhooks/kelviq").await;
    assert_eq!(text(response).await, (200, again.event_id().to_owned()));
    assert_ne!(again.event_id(), payment.event_id());
    assert_ne!(
        again.event_id(),
        payment.again_as_new_event().event_id(),
        "each call creates an event"
    );

    // Only the event's id and time differ.
    let parts = |payment: &kelviq_axum::fake::FakeEvent| {
        let (envelope, data) = payment.as_json().split_once(r#","data":"#).unwrap();
        let envelope: Value = serde_json::from_str(&format!("{envelope}}}")).unwrap();
        (envelope, data.to_owned())
    };
    let (envelope, data) = parts(&again);
    let time = envelope["created_at"].as_str().unwrap();
    assert_eq!(
        envelope,
        json!({"id": again.event_id(), "type": "checkout.completed", "created_at": time})
    );
    assert_eq!(time.len(), "2026-04-01T17:28:39Z".len());
    assert_eq!(data, parts(&payment).1);
    assert!(data.contains(&format!(r#""id":"{id}""#)), "{data}");
    assert!(
        data.contains(&format!(r#""metadata":{metadata}"#)),
        "{data}"
    );

    // The first event is still the one of the session.
    assert_eq!(kelviq.pay(&id).event_id(), payment.event_id());
}

#[tokio::test]
async fn an_old_timestamp_and_a_wrong_signature_are_detected() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let payment = kelviq.pay(&created(&kelviq, body("")).await);

    let long_ago = SystemTime::now() - Duration::from_secs(600);
    let stale = payment.clone().signed_at(long_ago);
    let response = stale.deliver_to(&app, "/webhooks/kelviq").await;
    assert_eq!(
        text(response).await,
        (401, format!("{:?}", ErrorKind::WebhookTimestamp))
    );

    let before_1970 = SystemTime::UNIX_EPOCH - Duration::from_secs(5);
    let request = payment.clone().signed_at(before_1970).request("/");
    assert_eq!(request.headers()["webhook-timestamp"], "-5");

    let forged = payment.signed_with(WebhookSecret::new("kq_whsec_other").unwrap());
    let response = forged.deliver_to(&app, "/webhooks/kelviq").await;
    assert_eq!(
        text(response).await,
        (401, format!("{:?}", ErrorKind::WebhookSignature))
    );
}

#[tokio::test]
async fn the_signature_is_the_hmac_that_others_compute() {
    // python3: hmac.new(b"kq_whsec_test", b"evt_1.1700000000." + body, "sha256").hexdigest()
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let body_bytes = r#"{"id":"evt_1","amount":"10.00","note":"ü"}"#.as_bytes();
    assert_eq!(
        secret.sign("evt_1", "1700000000", body_bytes),
        "v1,cbde0fb8c05ffdd0103b780a28e71fb30ab5f5145056ed9fae3a8ab071d6c2c2"
    );

    let kelviq = FakeKelviq::builder()
        .webhook_secret(secret.clone())
        .start()
        .await
        .unwrap();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let payment = kelviq.pay(&created(&kelviq, body("")).await).signed_at(at);
    let request = payment.request("/webhooks/kelviq?from=kelviq");
    let headers = request.headers();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "/webhooks/kelviq?from=kelviq");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["webhook-id"], payment.event_id());
    assert_eq!(headers["webhook-timestamp"], "1700000000");
    assert_eq!(
        headers["webhook-signature"],
        secret.sign(
            payment.event_id(),
            "1700000000",
            payment.as_json().as_bytes()
        )
    );
}

#[tokio::test]
async fn the_event_has_every_field() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","customerId":"cust_789","features":[{"identifier":"seats","quantity":5}],"cancelUrl":"https://app.example.com/pricing","customAmount":349.99,"currencyCode":"EUR","taxBehavior":"INCLUSIVE","discountsEnabled":false,"discountCode":"WELCOME20","defaultBillingCountry":"DE""#;
    let id = created(&kelviq, body(more)).await;
    let payment = kelviq.pay(&id);
    let mut event: Value = serde_json::from_str(payment.as_json()).unwrap();
    for white_space in [": ", ", ", "\n"] {
        assert!(!payment.as_json().contains(white_space));
    }
    assert_eq!(event["id"], payment.event_id());
    assert_eq!(event["type"], "checkout.completed");

    // Generated values only need the right format.
    let object = &event["data"]["object"];
    let kelviq_customer_id = object["customer_id"].as_str().unwrap().to_owned();
    for uuid in [
        &event["id"],
        &object["customer_id"],
        &object["organization"],
        &object["product"]["id"],
    ] {
        let groups: Vec<usize> = uuid.as_str().unwrap().split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
    }
    let times = [
        event["created_at"].clone(),
        object["created_on"].clone(),
        object["modified_on"].clone(),
    ];
    for time in times {
        assert_eq!(
            time.as_str().unwrap().len(),
            "2026-04-01T17:28:39Z".len(),
            "{time}"
        );
    }
    let address = json!({"line1": null, "line2": null, "city": null, "state": null, "postal_code": "12345", "country": "DE"});
    let object = event["data"]["object"].as_object_mut().unwrap();
    for generated in ["organization", "product", "created_on", "modified_on"] {
        assert!(object.remove(generated).is_some());
    }
    assert_eq!(
        event["data"]["object"],
        json!({
            "id": id,
            "object": "checkout_session",
            "status": "success",
            "checkout_type": "SUBSCRIPTION",
            "customer_id": kelviq_customer_id,
            "customer": {
                "id": kelviq_customer_id,
                "name": "cust_789",
                "email": "buyer@example.com",
                "customer_id": "cust_789",
                "billing_address": address,
            },
            "amount": "349.99",
            "amount_units": 34999,
            "currency": "EUR",
            "discount_code": "WELCOME20",
            "features": [{"identifier": "seats", "quantity": 5}],
            "plan": {"name": "Pro", "version": 1, "identifier": "pro"},
            "billing_address": address,
            "metadata": {},
            "data": {
                "name": "cust_789",
                "email": "buyer@example.com",
                "referer": null,
                "cancel_url": "https://app.example.com/pricing",
                "success_url": SUCCESS_URL,
                "tax_behavior": "INCLUSIVE",
                "discounts_enabled": false,
            },
        })
    );
}

#[tokio::test]
async fn missing_fields_have_plausible_values() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("").replace("MONTHLY", "ONE_TIME")).await;
    let event = event(&kelviq, &id).await;
    let object: Value = serde_json::from_str(event.object_json()).unwrap();
    assert_eq!(object["checkout_type"], "ONE_TIME");
    assert_eq!(
        (&object["amount"], &object["amount_units"]),
        (&json!("29.00"), &json!(2900))
    );
    assert_eq!(
        (&object["currency"], &object["features"]),
        (&json!("USD"), &Value::Null)
    );
    assert_eq!(
        object["customer"]["customer_id"].as_str().unwrap().len(),
        36
    );
    assert_eq!(object["data"]["discounts_enabled"], true);
}

#[tokio::test]
async fn metadata_comes_back_byte_for_byte() {
    let metadata =
        r#"{ "z":1.10,"a" : 12345678901234567890123,"e":1e999,"ref":"A\u0042C-\/<","z":-0.0 }"#;
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body(&format!(r#","metadata":{metadata}"#))).await;
    let event = event(&kelviq, &id).await;
    let EventData::CheckoutCompleted(CheckoutCompleted {
        metadata: Ok(back),
        session_id,
        ..
    }) = event.data()
    else {
        panic!("{event:?}");
    };
    let back: Metadata = back;
    assert_eq!(back.as_json(), metadata);
    assert_eq!(session_id.as_deref(), Some(&*id));
}

#[tokio::test]
async fn kelviqs_id_of_a_customer_is_the_same_in_every_instance() {
    let mut ids = Vec::new();
    for customer in ["cust_1", "cust_1", "cust_2"] {
        let kelviq = FakeKelviq::start().await;
        let id = created(&kelviq, body(&format!(r#","customerId":"{customer}""#))).await;
        let EventData::CheckoutCompleted::<Metadata>(paid) = event(&kelviq, &id).await.data()
        else {
            panic!("not a checkout.completed event");
        };
        assert_eq!(
            paid.customer.unwrap().customer_id.as_deref(),
            Some(customer)
        );
        ids.push(paid.kelviq_customer_id.unwrap());
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn events_can_be_delivered_to_any_service() {
    let kelviq = FakeKelviq::start().await;
    let payment = kelviq.pay(&created(&kelviq, body("")).await);
    let service = tower::service_fn(async |request: Request| {
        Ok::<_, Infallible>(request.headers()["webhook-id"].to_str().unwrap().to_owned())
    });
    let response = payment.deliver_to(&service, "/").await;
    assert_eq!(text(response).await.1, payment.event_id());
    assert!(!format!("{payment:?}").contains("buyer@example.com"));
}

#[tokio::test]
#[should_panic(expected = "`not a path`")]
async fn delivering_to_an_invalid_path_panics() {
    let kelviq = FakeKelviq::start().await;
    let _ = kelviq
        .pay(&created(&kelviq, body("")).await)
        .request("not a path");
}
