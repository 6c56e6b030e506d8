//! Webhooks with a durable store.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::Request,
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::{Kelviq, WebhookVerifier};
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{route::method_not_allowed, verify::Intake};
use crate::{shop::Shop, store::store_trait::Store};

/// The webhook route of an application with a [`Store`]. In addition to what [`webhook`](crate::webhook) does, each event is
/// stored before it is handled, an event whose handler failed is handled again without Kelviq, and events that were never
/// delivered are fetched.
///
/// ```no_run
/// use axum::{Router, http::StatusCode};
/// use kelviq_axum::{Event, Shop, SqliteStore, Webhooks};
/// use kelviq_core::WebhookSecret;
///
/// async fn on_event(event: Event) -> Result<(), StatusCode> {
///     // …
///     Ok(())
/// }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let store = SqliteStore::open("shop.db").await?;
/// store.migrate().await?;
/// let shop = Shop::from_env()?.store(store.clone());
/// let webhooks = Webhooks::new(WebhookSecret::from_env()?, store, (), on_event)
///     .reconcile_with(shop.kelviq().clone())
///     .shop(shop);
///
/// let app: Router = Router::new().route("/webhooks/kelviq", webhooks.route());
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let retries = tokio::spawn(webhooks.run(async { drop(stopped.await) }));
/// // …serve `app` until the process is told to stop
/// drop(stop);
/// retries.await?;
/// # Ok(())
/// # }
/// ```
///
/// # The handler's request
///
/// A retry takes place without a request by Kelviq. So that a handler cannot depend on what is missing then, every attempt
/// gets a request that is made from the store: `POST /` with the webhook headers and the body of the delivery, but without
/// path parameters, the peer's address, or extensions of outer layers. The state is passed to [`new`](Self::new). Layers go
/// on the handler, with [`Handler::layer`].
///
/// # Retries
///
/// After a failure the event is handled again after 5 s, then after 15 s, and so on, with pauses of up to 4 h. After 25
/// attempts, which take about three days, it is dead. [`Store::failed`] lists failed and dead events, and
/// [`Store::replay`] makes one due at once. If Kelviq delivers the event meanwhile, it is handled at once, also if it is
/// dead. The response to a delivery whose handler failed is 500 nevertheless, so that Kelviq's log shows the failure.
///
/// [`run`](Self::run) must run for the retries to take place. With several replicas, each can run it.
pub struct Webhooks<S> {
    pub(super) store: S,
    /// The client that fetches missed events.
    pub(super) kelviq: Option<Kelviq>,
    /// The endpoint whose missed events are fetched.
    pub(super) endpoint: Option<String>,
    pub(super) keep_bodies_for: Duration,
    pub(super) shop: Option<Shop>,
    verifier: WebhookVerifier,
    intake: Arc<Intake>,
    /// Starts the handler in a task.
    pub(super) handler: Arc<dyn Fn(Request) -> JoinHandle<Response> + Send + Sync>,
}

/// Time for which the bodies of handled events are kept by default.
const KEEP_BODIES_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl<S: Store> Webhooks<S> {
    /// Creates a webhook route from a verifier, a store, and a handler with its state.
    ///
    /// `verifier` is a [`WebhookSecret`](kelviq_core::WebhookSecret), or a [`WebhookVerifier`] with several secrets or
    /// another tolerance. `state` is what the handler's `State` extractors read from, or `()`.
    pub fn new<H, T, St>(
        verifier: impl Into<WebhookVerifier>,
        store: S,
        state: St,
        on_event: H,
    ) -> Self
    where
        H: Handler<T, St> + Sync,
        T: 'static,
        St: Clone + Send + Sync + 'static,
    {
        let handler = Arc::new((on_event, state));
        let handler = move |request| {
            let handler = Arc::clone(&handler);
            // All of it in the task, so that a panic only fails the event.
            let handle = async move {
                let (on_event, state) = &*handler;
                on_event.clone().call(request, state.clone()).await
            };
            tokio::spawn(handle.in_current_span())
        };
        Self {
            store,
            kelviq: None,
            endpoint: None,
            keep_bodies_for: KEEP_BODIES_FOR,
            shop: None,
            verifier: verifier.into(),
            intake: Arc::new(Intake::new()),
            handler: Arc::new(handler),
        }
    }

    /// Fetches the events that were not delivered with this client: at the start of [`run`](Self::run), and then every five
    /// minutes, by one of the replicas. See [`reconcile`](Self::reconcile).
    ///
    /// Events that were delivered after the tables were created, but handled without the
    /// store, are handled again. Before the first start with a store, stop the processes that run without it.
    #[must_use]
    pub fn reconcile_with(mut self, kelviq: Kelviq) -> Self {
        self.kelviq = Some(kelviq);
        self
    }

    /// Ignores the entries of Kelviq's webhook log that belong to another endpoint. For an account with several endpoints,
    /// e.g. of several applications. `endpoint` is Kelviq's id of this application's endpoint, a UUID.
    ///
    /// Paid sessions belong to no endpoint and are still fetched. An application that shares its account with another one
    /// recognises its own checkouts by their metadata.
    #[must_use]
    pub fn reconcile_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Keeps a shop up to date: after an event was handled, [`Shop::event_handled`] is called. The handler need not call it, or
    /// [`Shop::session_ended`].
    ///
    /// While [`run`](Self::run) runs, the success pages of kelviq-leptos look up their order when its event was handled,
    /// instead of twice a second. With `PostgresStore`, it can be handled by another replica: each `run` then opens one more
    /// connection to the database, for its notifications. While these are not received, the pages look up their order twice
    /// a second. See [`Store::listen`]. An order that the application does not learn from this handler, such as from
    /// [`Shop::checkout_state`], is found up to 8 s later.
    #[must_use]
    pub fn shop(mut self, shop: Shop) -> Self {
        self.shop = Some(shop);
        self
    }

    /// Sets for how long the bodies and headers of handled events are kept, which contain personal data. The default is
    /// 7 days. Ids are kept for at least 35 days.
    #[must_use]
    pub fn keep_bodies_for(mut self, duration: Duration) -> Self {
        self.keep_bodies_for = duration;
        self
    }

    /// Returns the route. Its responses are those of [`webhook`](crate::webhook#responses).
    pub fn route<R>(&self) -> MethodRouter<R>
    where
        R: Clone + Send + Sync + 'static,
    {
        let this = self.clone();
        post(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let delivery = this
                .intake
                .read_and_verify(&this.verifier, &parts.headers, body)
                .await;
            match delivery {
                Ok(delivery) => this.handle_delivery(delivery, &parts.headers).await,
                Err(rejection) => rejection.into_response(),
            }
        })
        .fallback(method_not_allowed)
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: Clone> Clone for Webhooks<S> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            kelviq: self.kelviq.clone(),
            endpoint: self.endpoint.clone(),
            keep_bodies_for: self.keep_bodies_for,
            shop: self.shop.clone(),
            verifier: self.verifier.clone(),
            intake: Arc::clone(&self.intake),
            handler: Arc::clone(&self.handler),
        }
    }
}

impl<S> std::fmt::Debug for Webhooks<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhooks")
            .field("kelviq", &self.kelviq)
            .field("endpoint", &self.endpoint)
            .field("keep_bodies_for", &self.keep_bodies_for)
            .finish_non_exhaustive()
    }
}
