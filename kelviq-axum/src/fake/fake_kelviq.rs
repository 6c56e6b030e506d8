//! A running `FakeKelviq`.

use std::{fmt, sync::Arc};

use kelviq_core::{Kelviq, WebhookSecret};
use tokio::sync::watch;

use super::{
    fault::Fault, payment::Payment, session::FakeCheckout, sessions::Paid, state::FakeState,
    sync::lock,
};

/// A fake of Kelviq's API, hosted checkout page and webhooks, served on a loopback port unless
/// [`listen`](super::FakeKelviqBuilder::listen) sets another address. Dropping it stops the server.
///
/// It creates checkout sessions for requests that carry its API key, and rejects the requests that Kelviq rejects
/// according to its documentation. A session is paid with [`pay`](Self::pay) in a test, or on the hosted checkout page in
/// a browser. Each instance has its own key, webhook secret and sessions, so tests can run in parallel.
///
/// ```
/// use axum::{Router, extract::State, http::StatusCode, routing::post};
/// use kelviq_axum::fake::FakeKelviq;
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Kelviq, Metadata};
/// use serde_json::json;
///
/// async fn buy(State(kelviq): State<Kelviq>) -> Result<String, StatusCode> {
///     let request = CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), "https://app.example.com/thanks")
///         .metadata(Metadata::from_serialize(&json!({"order_ref": "ABC-123"})).unwrap());
///     let session = kelviq.create_checkout_session(&request).await;
///     session.map(|session| session.checkout_url).map_err(|_| StatusCode::BAD_GATEWAY)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let kelviq = FakeKelviq::start().await;
/// let app = Router::new()
///     .route("/buy", post(buy))
///     .route("/webhooks/kelviq", post(StatusCode::OK))
///     .with_state(kelviq.client());
/// # use tower::ServiceExt;
/// # let buy = axum::http::Request::post("/buy").body(axum::body::Body::empty()).unwrap();
/// # app.clone().oneshot(buy).await.unwrap();
/// // … post to /buy …
///
/// let checkout = &kelviq.checkouts()[0];
/// assert_eq!(checkout.metadata, json!({"order_ref": "ABC-123"}));
///
/// let response = kelviq.pay(&checkout.id).deliver_to(&app, "/webhooks/kelviq").await;
/// assert_eq!(response.status(), StatusCode::OK);
/// # }
/// ```
///
/// # Behaviour that Kelviq does not document
///
/// - `customAmount` is in the major unit of the currency, and every currency has two decimals. Without `customAmount`, a
///   plan costs the price set with [`FakeKelviqBuilder::price`](super::FakeKelviqBuilder::price), or USD 29.00 if none is
///   set.
/// - Every plan, feature and discount code exists. [`Fault::InvalidField`] declines a code.
/// - A request that has a field under both of its names, such as `successUrl` and `success_url`, is rejected. Unknown
///   fields are logged and otherwise ignored; [`FakeCheckout::fields`] contains them under their original names.
/// - Each delivery of an event has its own timestamp.
/// - The webhook log lists each attempt, and each event that was not delivered yet as a failed attempt, even if no webhook
///   URL is set.
pub struct FakeKelviq {
    pub(super) state: Arc<FakeState>,
    pub(super) client: Kelviq,
    pub(super) base_url: String,
    /// Dropped with `self`, which ends the server and the deliveries; see [`FakeState::stopped`].
    pub(super) _running: watch::Sender<()>,
}

impl FakeKelviq {
    /// Returns the API's base URL, `http://127.0.0.1:…/api/v1`, to use as `KELVIQ_BASE_URL`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the server API key that the API accepts.
    pub fn api_key(&self) -> &str {
        &self.state.api_key
    }

    /// Returns the secret that webhooks are signed with.
    pub fn webhook_secret(&self) -> WebhookSecret {
        self.state.webhook_secret.clone()
    }

    /// Returns a client for this server.
    pub fn client(&self) -> Kelviq {
        self.client.clone()
    }

    /// Returns the checkout sessions that were created, oldest first. Rejected requests create none.
    pub fn checkouts(&self) -> Vec<FakeCheckout> {
        lock(&self.state.sessions).checkouts()
    }

    /// Pays a session and returns the payment with its signed event. Paying again returns the same event.
    ///
    /// The event is not delivered automatically, not even to a
    /// [`webhook_url`](super::FakeKelviqBuilder::webhook_url): use [`Payment::deliver_to`].
    ///
    /// # Panics
    ///
    /// Panics if there is no session with this id.
    #[track_caller]
    pub fn pay(&self, session_id: &str) -> Payment {
        match self.state.pay(session_id) {
            Some(Paid { event, .. }) => Payment::new(event, self.state.clone()),
            None => panic!("FakeKelviq has created no checkout session `{session_id}`"),
        }
    }

    /// Injects a fault into the next API request. Several calls queue up, one fault for each request.
    pub fn inject_next(&self, fault: Fault) {
        lock(&self.state.faults).push_next(fault);
    }

    /// Sets the fault of all further API requests.
    ///
    /// Faults queued with [`inject_next`](Self::inject_next) take precedence. [`Fault::Normal`] removes the fault.
    pub fn inject_always(&self, fault: Fault) {
        lock(&self.state.faults).set_always(fault);
    }
}

/// Shows the base URL, but neither the key nor the secret.
impl fmt::Debug for FakeKelviq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeKelviq")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
