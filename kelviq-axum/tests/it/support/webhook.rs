//! Webhook deliveries.

use std::time::SystemTime;

use axum::{body::Body, http::Request};
use kelviq_axum::fake::{FakeKelviq, Payment};
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata, WebhookSecret};

pub(crate) const PATH: &str = "/webhooks/kelviq";

/// Creates a session with this metadata and pays it.
pub(crate) async fn paid(kelviq: &FakeKelviq, metadata: &Metadata) -> Payment {
    let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
    let request = CreateCheckoutSession::new(plan, "https://a.example/").metadata(metadata);
    let session = kelviq
        .client()
        .create_checkout_session(&request)
        .await
        .unwrap();
    kelviq.pay(&session.checkout_session_id)
}

/// A delivery of any body, signed at the current time.
pub(crate) fn signed(secret: &WebhookSecret, id: &str, body: &str) -> Request<Body> {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let timestamp = now.as_secs().to_string();
    let signature = secret.sign(id, &timestamp, body.as_bytes());
    Request::post(PATH)
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .body(Body::from(body.to_owned()))
        .unwrap()
}
