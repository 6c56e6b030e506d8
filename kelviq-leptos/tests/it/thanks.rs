//! An application whose success page counts the lookups of orders.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode, header},
    routing::get,
};
use kelviq_axum::{__internal::awaited_sessions, Event, Shop, Webhooks, fake::FakeEvent};
use kelviq_core::{EventData, VerifiedEvent, WebhookHeaders, WebhookVerifier};
use kelviq_leptos::{CheckoutLayer, CheckoutStatus};
use leptos::prelude::*;
use leptos_axum::render_app_async;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, yield_now},
};

use crate::{
    session_store::SessionStore,
    support::{CHECKOUT, Store, TestResponse, script, with},
};

/// The orders of the application, by reference. Clones share the same data.
#[derive(Clone, Default)]
pub(crate) struct Orders(Arc<Mutex<OrderData>>);

#[derive(Default)]
struct OrderData {
    orders: BTreeSet<String>,
    lookups: BTreeMap<String, usize>,
    /// Delays the result of the next lookup.
    gate: Option<oneshot::Receiver<()>>,
}

impl Orders {
    pub(crate) fn insert(&self, reference: &str) {
        self.0.lock().unwrap().orders.insert(reference.into());
    }

    pub(crate) fn lookups(&self, reference: &str) -> usize {
        let data = self.0.lock().unwrap();
        data.lookups.get(reference).copied().unwrap_or_default()
    }

    /// The next lookup returns what it has found once the sender is dropped.
    pub(crate) fn delay_next_lookup(&self) -> oneshot::Sender<()> {
        let (sender, gate) = oneshot::channel();
        self.0.lock().unwrap().gate = Some(gate);
        sender
    }

    /// Waits until an order has been looked up this many times, without time passing.
    pub(crate) async fn wait_for_lookups(&self, reference: &str, lookups: usize) {
        while self.lookups(reference) < lookups {
            yield_now().await;
        }
    }

    async fn find(&self, reference: String) -> Result<Option<String>, ServerFnError> {
        let (is_found, gate) = {
            let mut data = self.0.lock().unwrap();
            *data.lookups.entry(reference.clone()).or_default() += 1;
            (data.orders.contains(&reference), data.gate.take())
        };
        if let Some(gate) = gate {
            let _ = gate.await;
        }
        Ok(is_found.then(|| format!("Order {reference}")))
    }
}

pub(crate) struct Thanks {
    pub(crate) store: Store,
    pub(crate) shop: Shop,
    pub(crate) orders: Orders,
}

impl Thanks {
    pub(crate) async fn open(orders: Orders, settings: impl FnOnce(Shop) -> Shop) -> Self {
        let mut opened = None;
        let found = orders.clone();
        let page = move || {
            let orders = found.clone();
            let find = move |reference| {
                let orders = orders.clone();
                async move { orders.find(reference).await }
            };
            view! { <CheckoutStatus order=find let:order>{order}</CheckoutStatus> }
        };
        let store = Store::with_shop(
            |shop| opened.insert(settings(shop)).clone(),
            |router, offers| {
                router
                    .route("/thanks", get(render_app_async(page)))
                    .layer(CheckoutLayer::new(offers))
            },
        )
        .await;
        Self {
            store,
            shop: opened.unwrap(),
            orders,
        }
    }

    /// Starts a checkout. Returns its reference.
    pub(crate) async fn start_checkout(&self, user: &str) -> String {
        let response = self
            .store
            .send(with(script(CHECKOUT, "offer=pro"), "x-user", user))
            .await;
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        let checkout = self.store.kelviq.checkouts().pop().unwrap();
        reference_in(checkout.fields["successUrl"].as_str().unwrap()).to_owned()
    }

    /// Pays the last checkout.
    pub(crate) fn pay(&self) -> FakeEvent {
        let kelviq = &self.store.kelviq;
        kelviq.pay(&kelviq.checkouts().pop().unwrap().id)
    }

    pub(crate) async fn visit(&self, reference: &str) -> TestResponse {
        let request = Request::get(format!("/thanks?reference={reference}"))
            .header(header::HOST, "app.example.com");
        self.store.send(request.body(Body::empty()).unwrap()).await
    }

    /// Visits the page in a task.
    pub(crate) fn spawn_visit(self: &Arc<Self>, reference: &str) -> JoinHandle<TestResponse> {
        let (this, reference) = (Arc::clone(self), reference.to_owned());
        tokio::spawn(async move { this.visit(&reference).await })
    }

    /// Waits until this many success pages wait, without time passing.
    pub(crate) async fn wait_for_waiting(&self, pages: usize) {
        while awaited_sessions(&self.shop) != pages {
            yield_now().await;
        }
    }

    /// Returns a webhook route that stores the orders.
    pub(crate) fn webhooks(&self, store: SessionStore) -> Webhooks<SessionStore> {
        let secret = self.store.kelviq.webhook_secret();
        Webhooks::new(secret, store, self.orders.clone(), on_event).shop(self.shop.clone())
    }
}

async fn on_event(State(orders): State<Orders>, event: Event) {
    if let EventData::CheckoutCompleted(session) = event.data {
        let success_url = session.data.unwrap().success_url.unwrap();
        orders.insert(reference_in(&success_url));
    }
}

/// Delivers the event of a payment.
pub(crate) async fn deliver(payment: &FakeEvent, webhooks: &Webhooks<SessionStore>) {
    let router: Router = Router::new().route("/webhook", webhooks.route());
    let response = payment.deliver_to(&router, "/webhook").await;
    assert_eq!(response.status(), StatusCode::OK);
}

/// Returns the event of a payment.
pub(crate) fn verified(payment: &FakeEvent, thanks: &Thanks) -> VerifiedEvent {
    let request = payment.request("/webhook");
    let verifier = WebhookVerifier::new(thanks.store.kelviq.webhook_secret());
    let headers = WebhookHeaders::from_pairs(request.headers());
    verifier
        .verify(headers, payment.as_json().as_bytes())
        .unwrap()
}

fn reference_in(success_url: &str) -> &str {
    success_url.rsplit_once("reference=").unwrap().1
}

pub(crate) fn shows_order(page: &TestResponse, reference: &str) -> bool {
    page.body.contains(&format!("Order {reference}"))
}
