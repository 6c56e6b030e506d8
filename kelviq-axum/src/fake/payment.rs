//! A payment, and its event on the way to the app.

use std::{convert::Infallible, fmt, sync::Arc, time::SystemTime};

use axum::{
    body::Body,
    extract::Request,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use kelviq_core::WebhookSecret;
use tower::{Service, ServiceExt};

use super::event::Event;

/// A paid session's `checkout.completed`, to be delivered to the app as often, as late and as wrongly as a test needs.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// # use kelviq_axum::{fake::FakeKelviq, kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, WebhookSecret}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let app = axum::Router::new().route("/webhooks", axum::routing::post(|| async {}));
/// # let kelviq = FakeKelviq::start().await;
/// # let request = CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), "https://app.example.com/thanks");
/// # let session_id = kelviq.client().create_checkout_session(&request).await.unwrap().checkout_session_id;
///
/// let payment = kelviq.pay(&session_id);
/// payment.deliver_to(&app, "/webhooks").await;
/// payment.deliver_to(&app, "/webhooks").await; // the same event again
///
/// let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
/// payment.clone().signed_at(an_hour_ago).deliver_to(&app, "/webhooks").await;
///
/// let other = WebhookSecret::new("kq_whsec_of_another_endpoint").unwrap();
/// payment.signed_with(other).deliver_to(&app, "/webhooks").await;
/// # }
/// ```
#[derive(Clone)]
pub struct Payment {
    event: Arc<Event>,
    secret: WebhookSecret,
    signed_at: Option<SystemTime>,
}

impl Payment {
    pub(super) fn new(event: Arc<Event>, secret: WebhookSecret) -> Self {
        Self {
            event,
            secret,
            signed_at: None,
        }
    }

    /// The event's id, which is also the `webhook-id` of every delivery.
    pub fn event_id(&self) -> &str {
        &self.event.id
    }

    /// The event's JSON: the body of every delivery.
    pub fn as_json(&self) -> &str {
        &self.event.json
    }

    /// Signs later deliveries with this timestamp instead of the time at which they happen.
    #[must_use]
    pub fn signed_at(mut self, time: SystemTime) -> Self {
        self.signed_at = Some(time);
        self
    }

    /// Signs later deliveries with another secret: a wrong one, or the new one while it is being changed.
    #[must_use]
    pub fn signed_with(mut self, secret: WebhookSecret) -> Self {
        self.secret = secret;
        self
    }

    /// Delivers the event to a router, or any other service, without a network. Gives the app's answer.
    ///
    /// # Panics
    ///
    /// When `path` is not a path.
    pub async fn deliver_to<S>(&self, app: &S, path: &str) -> Response
    where
        S: Service<Request, Response: IntoResponse, Error = Infallible> + Clone,
    {
        match app.clone().oneshot(self.request(path)).await {
            Ok(response) => response.into_response(),
        }
    }

    /// The signed request of a delivery, to be sent in some other way, altered or replayed.
    ///
    /// # Panics
    ///
    /// When `path` is not a path.
    #[track_caller]
    pub fn request(&self, path: &str) -> Request {
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/json");
        for (name, value) in self.event.sign(&self.secret, self.signed_at) {
            request = request.header(name, value);
        }
        match request.body(Body::from(self.event.json.clone())) {
            Ok(request) => request,
            Err(error) => panic!("`{path}` is not a path to deliver a webhook to: {error}"),
        }
    }
}

/// Shows the event's id; its JSON may hold personal data.
impl fmt::Debug for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payment")
            .field("event_id", &self.event_id())
            .finish_non_exhaustive()
    }
}
