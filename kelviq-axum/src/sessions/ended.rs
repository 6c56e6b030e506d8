//! What a shop forgets when a session has ended, or an event was handled.

use kelviq_core::VerifiedEvent;

use crate::{shop::Shop, webhook::completed_checkout::CompletedCheckout};

impl Shop {
    /// Forgets a checkout session that has ended, so that the customer's next click creates another one.
    ///
    /// For 5 s after a session was created, a customer who clicks again for the same purchase gets the same session.
    /// [`checkout_state`](Self::checkout_state) does this already when Kelviq reports the session as paid, closed or
    /// expired, and [`event_handled`](Self::event_handled) when its event was handled. An application calls it where it learns
    /// of the end in another way, with the key of the session or its id:
    ///
    /// ```
    /// use axum::extract::State;
    /// use kelviq_axum::{Event, Shop};
    /// use kelviq_core::EventData;
    ///
    /// async fn on_event(State(shop): State<Shop>, event: Event) {
    ///     if let EventData::CheckoutCompleted(session) = event.data {
    ///         shop.session_ended(session.key()).await;
    ///         // …fulfil the order
    ///     }
    /// }
    /// ```
    pub async fn session_ended(&self, session: &str) {
        self.single_flight().forget(session).await;
    }

    /// Brings the shop up to date after an event was handled: the [entitlements](Self::entitlements) of its customer are
    /// [forgotten](Self::forget_entitlements), the session of a paid checkout [has ended](Self::session_ended), and success pages
    /// of kelviq-leptos that wait for it in this process look up their order at once.
    ///
    /// [`Webhooks::shop`](crate::Webhooks::shop) does this. A handler of the plain [`webhook`](crate::webhook) route calls it
    /// last, after it has committed its changes. A handler that reads the customer's entitlements calls
    /// [`forget_entitlements`](Self::forget_entitlements) before it reads them: they can be up to 60 s older than the event.
    ///
    /// ```
    /// use axum::{extract::State, http::StatusCode};
    /// use kelviq_axum::{Event, Shop};
    ///
    /// async fn on_event(State(shop): State<Shop>, event: Event) -> Result<(), StatusCode> {
    ///     // …fulfil the order and commit
    ///     shop.event_handled(&event.verified).await;
    ///     Ok(())
    /// }
    /// ```
    pub async fn event_handled(&self, event: &VerifiedEvent) {
        let checkout = CompletedCheckout::of(event);
        let key = checkout.as_ref().map(|checkout| &*checkout.key);
        self.checkout_handled(event, key).await;
    }

    /// Does the same with the key of the checkout that the event completes, if it completes one.
    pub(crate) async fn checkout_handled(&self, event: &VerifiedEvent, key: Option<&str>) {
        if let Some(customer_id) = event.customer_id() {
            self.forget_entitlements(&customer_id);
        }
        if let Some(key) = key {
            self.session_ended(key).await;
            self.handled_sessions().notify(key);
        }
    }
}
