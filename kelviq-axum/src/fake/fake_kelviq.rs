//! A running `FakeKelviq`.

use std::{fmt, sync::Arc};

use kelviq_core::{Kelviq, SubscriptionStatus, WebhookSecret};
use tokio::sync::watch;

use super::{
    event::Event,
    fake_event::FakeEvent,
    fault::Fault,
    records::Payer,
    session::FakeCheckout,
    state::{CannotCancel, FakeState},
    subscriptions::{
        cancellation::{Cancellation, End},
        fake_subscription::FakeSubscription,
    },
    sync::lock,
};

/// A fake of Kelviq's API, hosted checkout page and webhooks, served on a loopback port unless
/// [`listen`](super::FakeKelviqBuilder::listen) sets another address. Dropping it stops the server.
///
/// It creates checkout sessions for requests that carry its API key, and rejects the requests that Kelviq rejects
/// according to its documentation. A session is paid with [`pay`](Self::pay) in a test, or on the hosted checkout page in
/// a browser. It also keeps customers, subscriptions and entitlements, and has a customer portal in which a subscription
/// can be canceled. Each instance has its own key, webhook secret and sessions, so tests can run in parallel.
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
/// - `customAmount` is in the major unit of the currency. Without it, a plan costs the price set with
///   [`FakeKelviqBuilder::price`](super::FakeKelviqBuilder::price), or USD 29.00 if none is set; in another currency, as
///   many minor units. Amounts have the decimals of ISO 4217: 1200 JPY are 1200 minor units.
/// - Every plan, feature and discount code exists. [`Fault::InvalidField`] declines a code.
/// - A request that has a field under both of its names, such as `successUrl` and `success_url`, is rejected. Unknown
///   fields are logged and otherwise ignored; [`FakeCheckout::fields`] contains them under their original names.
/// - The email address on the checkout page can be changed unless `lockEmail` is true, and is written to the customer on
///   payment. If it is locked and missing, the session cannot be paid on the page.
/// - A customer is read with `GET` and archived with `DELETE /customers/{customerId}/`, as in Kelviq's SDKs.
/// - A session for an archived customer is accepted and can be paid; the customer stays archived.
/// - A one-time purchase is listed with the subscriptions, as `ONE_TIME`, `active` and without an end. It sends no
///   subscription event.
/// - Of the event types, only `checkout.completed` and `subscription.created`, `.updated` and `.cancelled` are sent.
/// - Time does not change a subscription: a trial stays a trial, nothing is renewed, and a scheduled end does not send an
///   event. A subscription that is canceled or past its last day is not listed without a `status` filter.
/// - `active`, `trialing` and `past_due` subscriptions give entitlements, and so do one-time purchases. An unknown
///   customer has none. Quantities of a checkout, such as seats, are `CUSTOMIZABLE`. Meters have a hard limit; in a
///   billing period, they have `resetAt`.
/// - The portal's page links to the start page of the shop: the origin of the customer's last success URL.
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
        lock(&self.state.records).sessions.checkouts()
    }

    /// Pays a session and returns its `checkout.completed` event. Paying again returns the same event.
    ///
    /// A customer without an email address gets `buyer@example.com`, even where `lockEmail` would prevent the payment on the
    /// page. Unless the plan is paid once, the payment also starts
    /// a subscription; [`subscription_created`](Self::subscription_created) returns its event.
    ///
    /// Events are not delivered automatically, not even to a
    /// [`webhook_url`](super::FakeKelviqBuilder::webhook_url): use [`FakeEvent::deliver_to`].
    ///
    /// # Panics
    ///
    /// Panics if there is no session with this id.
    #[track_caller]
    pub fn pay(&self, session_id: &str) -> FakeEvent {
        let Ok(mut paid) = self.state.pay(session_id, &Payer::Test) else {
            panic!("FakeKelviq has created no checkout session `{session_id}`");
        };
        FakeEvent::new(paid.events.swap_remove(0), self.state.clone())
    }

    /// Returns the subscriptions of a customer in their latest state, and the one-time purchases, oldest first. Unlike
    /// Kelviq's list, it contains those that have ended.
    ///
    /// ```
    /// # use kelviq_axum::fake::FakeKelviq;
    /// # use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, SubscriptionStatus};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let app = axum::Router::new().route("/webhooks", axum::routing::post(|| async {}));
    /// # let kelviq = FakeKelviq::start().await;
    /// # let request = CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), "https://app.example.com/thanks")
    /// #     .customer_id("cust_1");
    /// # let session_id = kelviq.client().create_checkout_session(&request).await.unwrap().checkout_session_id;
    /// kelviq.pay(&session_id).deliver_to(&app, "/webhooks").await;
    ///
    /// let subscription = &kelviq.subscriptions("cust_1")[0];
    /// assert_eq!(subscription.status, SubscriptionStatus::Active);
    /// kelviq.subscription_created(&subscription.id).deliver_to(&app, "/webhooks").await;
    ///
    /// kelviq.set_status(&subscription.id, "past_due").deliver_to(&app, "/webhooks").await;
    /// kelviq.cancel_at_period_end(&subscription.id).deliver_to(&app, "/webhooks").await;
    /// # assert!(kelviq.subscriptions("cust_1")[0].end_date.is_some());
    /// # }
    /// ```
    pub fn subscriptions(&self, customer_id: &str) -> Vec<FakeSubscription> {
        lock(&self.state.records)
            .subscriptions
            .latest()
            .rev()
            .filter(|subscription| subscription.customer_id == customer_id)
            .map(FakeSubscription::new)
            .collect()
    }

    /// Returns the `subscription.created` event of a subscription.
    ///
    /// # Panics
    ///
    /// Panics if there is no subscription with this id. A one-time purchase is none.
    #[track_caller]
    pub fn subscription_created(&self, id: &str) -> FakeEvent {
        let event = lock(&self.state.records).sessions.subscription_created(id);
        self.event(id, event)
    }

    /// Cancels a subscription now, and returns its `subscription.cancelled` event.
    ///
    /// # Panics
    ///
    /// Panics if there is no current subscription with this id. A one-time purchase is none.
    #[track_caller]
    pub fn cancel_now(&self, id: &str) -> FakeEvent {
        self.cancel(id, End::Now)
    }

    /// Cancels a subscription at the end of its billing period, and returns its `subscription.updated` event. Until then,
    /// the status remains the same.
    ///
    /// # Panics
    ///
    /// Panics if there is no current subscription with this id. A one-time purchase is none.
    #[track_caller]
    pub fn cancel_at_period_end(&self, id: &str) -> FakeEvent {
        self.cancel(id, End::WithPeriod)
    }

    /// Sets the status of a subscription, such as `past_due` or `superseded`, and returns its `subscription.updated` event,
    /// or `subscription.cancelled` for `canceled`.
    ///
    /// # Panics
    ///
    /// Panics if there is no subscription with this id.
    #[track_caller]
    pub fn set_status(&self, id: &str, status: impl Into<SubscriptionStatus>) -> FakeEvent {
        let status: SubscriptionStatus = status.into();
        let event = self.state.change_subscription(id, |subscription| {
            subscription.set_status(status.as_str());
        });
        self.event(id, event)
    }

    /// Sets how much of a metered feature a customer has used, for each of the subscriptions. A used-up meter gives no
    /// access.
    pub fn set_usage(&self, customer_id: &str, feature: &str, used: u32) {
        let entitlements = &mut lock(&self.state.records).entitlements;
        entitlements.set_usage(customer_id, feature, used);
    }

    /// Sets whether a customer may use a feature. With `true`, also one that no plan of the customer includes.
    pub fn set_access(&self, customer_id: &str, feature: &str, has_access: bool) {
        let entitlements = &mut lock(&self.state.records).entitlements;
        entitlements.set_access(customer_id, feature, has_access);
    }

    #[track_caller]
    fn cancel(&self, id: &str, end: End) -> FakeEvent {
        let cancellation = Cancellation::by("CANCELLED_BY_MERCHANT");
        match self.state.cancel(id, end, cancellation) {
            Ok(event) => FakeEvent::new(event, self.state.clone()),
            Err(CannotCancel::NotFound) => self.event(id, None),
            Err(CannotCancel::NotRunning) => {
                panic!("the subscription `{id}` has ended, or is a one-time purchase")
            }
        }
    }

    #[track_caller]
    fn event(&self, subscription_id: &str, event: Option<Arc<Event>>) -> FakeEvent {
        match event {
            Some(event) => FakeEvent::new(event, self.state.clone()),
            None => panic!("FakeKelviq has no subscription `{subscription_id}`"),
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
