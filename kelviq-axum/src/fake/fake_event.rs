//! A signed event, and its delivery to the app.

use std::{convert::Infallible, fmt, sync::Arc, time::SystemTime};

use axum::{
    body::Body,
    extract::Request,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use kelviq_core::WebhookSecret;
use tower::{Service, ServiceExt};

use super::{event::Event, state::FakeState, sync::lock};

/// A signed event, such as the `checkout.completed` of a payment. It can be delivered to the app, also repeatedly, under
/// another event id, late or with a wrong signature.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// # use kelviq_axum::fake::FakeKelviq;
/// # use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, WebhookSecret};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let app = axum::Router::new().route("/webhooks", axum::routing::post(|| async {}));
/// # let kelviq = FakeKelviq::start().await;
/// # let request = CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), "https://app.example.com/thanks");
/// # let session_id = kelviq.client().create_checkout_session(&request).await.unwrap().checkout_session_id;
///
/// let payment = kelviq.pay(&session_id);
/// payment.deliver_to(&app, "/webhooks").await;
/// payment.deliver_to(&app, "/webhooks").await; // the same event again
/// payment.again_as_new_event().deliver_to(&app, "/webhooks").await; // the same checkout in another event
///
/// let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
/// payment.clone().signed_at(an_hour_ago).deliver_to(&app, "/webhooks").await;
///
/// let other = WebhookSecret::new("kq_whsec_of_another_endpoint").unwrap();
/// payment.signed_with(other).deliver_to(&app, "/webhooks").await;
/// # }
/// ```
#[derive(Clone)]
pub struct FakeEvent {
    event: Arc<Event>,
    state: Arc<FakeState>,
    secret: WebhookSecret,
    signed_at: Option<SystemTime>,
}

impl FakeEvent {
    pub(super) fn new(event: Arc<Event>, state: Arc<FakeState>) -> Self {
        Self {
            event,
            secret: state.webhook_secret.clone(),
            state,
            signed_at: None,
        }
    }

    /// Returns the event's id, which is also the `webhook-id` of every delivery.
    pub fn event_id(&self) -> &str {
        &self.event.id
    }

    /// Returns the event's JSON, which is the body of every delivery.
    pub fn as_json(&self) -> &str {
        &self.event.json
    }

    /// Returns another event about the same: its id and `created_at` are new, the checkout session or subscription is the
    /// same.
    ///
    /// Kelviq can announce a checkout more than once. A test delivers such an event to check that the order is fulfilled
    /// once for each checkout, and not only once for each event.
    #[must_use]
    pub fn again_as_new_event(&self) -> Self {
        let event = Arc::new(self.event.again(SystemTime::now()));
        lock(&self.state.delivery_log).add_event(event.clone());
        Self {
            event,
            ..self.clone()
        }
    }

    /// Sets the timestamp of the deliveries. By default, the current time.
    #[must_use]
    pub fn signed_at(mut self, time: SystemTime) -> Self {
        self.signed_at = Some(time);
        self
    }

    /// Sets the secret that deliveries are signed with. By default, the fake's webhook secret.
    #[must_use]
    pub fn signed_with(mut self, secret: WebhookSecret) -> Self {
        self.secret = secret;
        self
    }

    /// Delivers the event to a router or another service, without a network, and returns its response. The webhook log
    /// (`GET /webhook/logs/`) lists the delivery.
    ///
    /// # Panics
    ///
    /// Panics if `path` is not a valid path.
    pub async fn deliver_to<S>(&self, app: &S, path: &str) -> Response
    where
        S: Service<Request, Response: IntoResponse, Error = Infallible> + Clone,
    {
        let response = match app.clone().oneshot(self.request(path)).await {
            Ok(response) => response.into_response(),
        };
        let status = response.status().as_u16();
        lock(&self.state.delivery_log).add_attempt(self.event.clone(), Some(status));
        response
    }

    /// Returns the signed request of a delivery, for example to change it or to send it in another way. The webhook log does
    /// not list it.
    ///
    /// # Panics
    ///
    /// Panics if `path` is not a valid path.
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

/// Shows the event's id, but not its JSON, which may contain personal data.
impl fmt::Debug for FakeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeEvent")
            .field("event_id", &self.event_id())
            .finish_non_exhaustive()
    }
}
