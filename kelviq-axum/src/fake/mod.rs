//! A stand-in for Kelviq: for tests, and for development without an account.

mod builder;
mod delivery;
mod event;
mod fault;
mod fields;
mod hosted_page;
mod ids;
mod json_body;
mod judge;
mod payment;
mod portal;
mod price;
mod server;
mod sessions;
mod shared;

use std::{fmt, sync::Arc};

use kelviq_core::{Kelviq, WebhookSecret};
use tokio::sync::watch;

pub use self::{
    builder::FakeKelviqBuilder, fault::Fault, payment::Payment, sessions::FakeCheckout,
};
use self::{
    sessions::Paid,
    shared::{Shared, lock},
};

/// Kelviq's API, hosted checkout page and webhooks, on a port of its own on loopback. Dropping it stops it.
///
/// It creates checkout sessions for whoever has its key, refuses what Kelviq's documentation says Kelviq refuses, and
/// pays: in a test with [`pay`](Self::pay), in a browser on the page that the checkout URL leads to. Every instance has
/// a key, a secret and sessions of its own, so tests can run in parallel.
///
/// ```
/// use axum::{Router, extract::State, http::StatusCode, routing::post};
/// use kelviq_axum::{fake::FakeKelviq, kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Kelviq, Metadata}};
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
/// // … post to the app …
///
/// let checkout = &kelviq.checkouts()[0];
/// assert_eq!(checkout.metadata, json!({"order_ref": "ABC-123"}));
///
/// let answer = kelviq.pay(&checkout.id).deliver_to(&app, "/webhooks/kelviq").await;
/// assert_eq!(answer.status(), StatusCode::OK);
/// # }
/// ```
///
/// # Where Kelviq's documentation is silent
///
/// - `customAmount` is read as the major unit of the currency, with two decimals in every currency. Without it a plan
///   costs what [`FakeKelviqBuilder::price`] says, else USD 29.00, whatever is bought.
/// - Every plan, feature and discount code exists.
/// - One field under both of its names, `successUrl` and `success_url`, is refused. Unknown fields are ignored, with a
///   line in the log, and kept in [`FakeCheckout::fields`] by the names that they came with.
/// - Each delivery of an event has a timestamp of its own.
pub struct FakeKelviq {
    shared: Arc<Shared>,
    client: Kelviq,
    base_url: String,
    // Whatever runs in the background ends when this goes.
    _running: watch::Sender<()>,
}

impl FakeKelviq {
    /// Starts on a free port of 127.0.0.1, with a key and a webhook secret of its own.
    ///
    /// # Panics
    ///
    /// When no port of the loopback address can be bound.
    pub async fn start() -> Self {
        match Self::builder().start().await {
            Ok(kelviq) => kelviq,
            Err(error) => panic!("FakeKelviq cannot listen on 127.0.0.1: {error}"),
        }
    }

    /// Starts with settings, such as a port and an address for webhooks.
    pub fn builder() -> FakeKelviqBuilder {
        FakeKelviqBuilder::new()
    }

    /// The address of the API, `http://127.0.0.1:…/api/v1`: what `KELVIQ_BASE_URL` takes.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The server API key that it accepts.
    pub fn api_key(&self) -> &str {
        &self.shared.api_key
    }

    /// The secret that it signs webhooks with.
    pub fn webhook_secret(&self) -> WebhookSecret {
        self.shared.webhook_secret.clone()
    }

    /// A client that talks to it.
    pub fn client(&self) -> Kelviq {
        self.client.clone()
    }

    /// The checkout sessions that were created, oldest first. Refused requests are not among them.
    pub fn checkouts(&self) -> Vec<FakeCheckout> {
        lock(&self.shared.sessions).checkouts()
    }

    /// Pays a session and gives the signed event that tells of it. Paying again gives the same event.
    ///
    /// The event goes nowhere by itself, not to a [`webhook_url`](FakeKelviqBuilder::webhook_url) either:
    /// [`Payment::deliver_to`] delivers it.
    ///
    /// # Panics
    ///
    /// When there is no such session.
    #[track_caller]
    pub fn pay(&self, session_id: &str) -> Payment {
        match lock(&self.shared.sessions).pay(session_id) {
            Some(Paid { event, .. }) => Payment::new(event, self.webhook_secret()),
            None => panic!("FakeKelviq has created no checkout session `{session_id}`"),
        }
    }

    /// Answers the next API request in this way. Several calls queue up, one request each.
    pub fn inject_next(&self, answer: Fault) {
        lock(&self.shared.answers).push_next(answer);
    }

    /// Answers every API request in this way that has no answer of its own in the queue of
    /// [`inject_next`](Self::inject_next), until told otherwise.
    pub fn inject_always(&self, answer: Fault) {
        lock(&self.shared.answers).set_always(answer);
    }
}

/// Shows the address, and neither the key nor the secret.
impl fmt::Debug for FakeKelviq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeKelviq")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
