//! The handling of events that are in a store.

use std::{error::Error, sync::Arc};

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use kelviq_core::{CheckoutCompleted, VerifiedEvent};
use tokio::task::JoinHandle;

use super::{
    after_handler::{MAX_ATTEMPTS, Retry},
    event::ClaimedEvent,
    event_span::event_span,
    handle::{claim_and_handle, handle_claimed},
    handle_to_end::handle_to_end,
    handling::Handling,
    inbox_call::call_inbox,
    received_event::ReceivedEvent,
    verify::Delivery,
    webhooks::Webhooks,
};
use crate::{
    metrics,
    store::{
        store_trait::Store,
        stored_event::{DueEvent, StoredEvent},
    },
};

impl<S: Store> Webhooks<S> {
    /// Stores the event of a delivery and handles it.
    pub(super) async fn handle_delivery(
        &self,
        delivery: Delivery,
        headers: &HeaderMap,
    ) -> Response {
        let Delivery { event, session, .. } = delivery;
        let received = ReceivedEvent::new(event, session.as_deref());
        let stored = StoredEvent::new(&received.event, received.session_id(), headers);
        let span = event_span(&received);
        let this = self.clone();
        let handle = async move {
            let keep = async { this.store.keep(&stored, S::LEASE).await };
            if let Err(error) = call_inbox::<S, _>(keep).await {
                let error = &error as &dyn Error;
                tracing::error!(error, "the event could not be stored");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            let start = this.starter(received.event.clone(), session, stored);
            claim_and_handle(this.store, Retry { shop: this.shop }, received, start).await
        };
        handle_to_end(span, handle).await
    }

    /// Handles an event that was due.
    pub(super) async fn handle_stored(&self, due: DueEvent) {
        let DueEvent {
            event: stored,
            claim,
            attempts,
        } = due;
        let event = match stored.event() {
            Ok(event) if attempts <= MAX_ATTEMPTS => event,
            other => {
                let reason = match other {
                    Ok(_) => "the process ended during every attempt".to_owned(),
                    Err(error) => format!("the stored body is not an event: {error}"),
                };
                tracing::error!(
                    event_id = stored.id,
                    session_id = stored.session_id,
                    "webhook given up: {reason}"
                );
                metrics::webhook_dead();
                let fail = async { self.store.fail(&claim, &reason, |_| None).await };
                if let Err(error) = call_inbox::<S, _>(fail).await {
                    let error = &error as &dyn Error;
                    tracing::error!(error, "the failure could not be stored");
                }
                return;
            }
        };
        let received = ReceivedEvent::new(event, None);
        let span = event_span(&received);
        let start = self.starter(received.event.clone(), None, stored);
        let (store, shop) = (self.store.clone(), self.shop.clone());
        let handle = async move {
            tracing::info!(attempts, "handling a stored webhook");
            handle_claimed(store, Retry { shop }, received, claim, start).await
        };
        // If the caller is dropped, the event is still recorded when its handler ends.
        handle_to_end(span, handle).await;
    }

    /// Returns a function that starts the handler with the request of a stored event.
    fn starter(
        &self,
        event: VerifiedEvent,
        session: Option<Box<CheckoutCompleted>>,
        stored: StoredEvent,
    ) -> impl FnOnce(Handling) -> JoinHandle<Response> + use<S> {
        let handler = Arc::clone(&self.handler);
        move |handling| {
            let headers = stored.header_map();
            let mut request = Request::new(Body::from(stored.body));
            *request.method_mut() = Method::POST;
            *request.headers_mut() = headers;
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            let claimed = ClaimedEvent::new(event, session, handling);
            request.extensions_mut().insert(claimed);
            // The size has already been checked.
            DefaultBodyLimit::disable().apply(&mut request);
            handler(request)
        }
    }
}
