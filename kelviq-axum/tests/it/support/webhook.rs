//! Webhook deliveries.

use std::time::SystemTime;

use axum::{body::Body, http::Request};
use kelviq_axum::fake::{FakeEvent, FakeKelviq};
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata, WebhookSecret};

pub(crate) const PATH: &str = "/webhooks/kelviq";

/// Creates a session with this metadata and pays it. This also starts a subscription.
pub(crate) async fn paid(kelviq: &FakeKelviq, metadata: &Metadata) -> FakeEvent {
    pay(kelviq, ChargePeriod::Monthly, metadata).await
}

/// Does the same with a plan that is paid once, so that there is one event.
pub(crate) async fn paid_once(kelviq: &FakeKelviq, metadata: &Metadata) -> FakeEvent {
    pay(kelviq, ChargePeriod::OneTime, metadata).await
}

async fn pay(kelviq: &FakeKelviq, period: ChargePeriod, metadata: &Metadata) -> FakeEvent {
    let plan = CheckoutPlan::new("pro", period);
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
