//! The webhook route.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::WebhookVerifier;
use tracing::Instrument;

use super::{
    after_handler::Release, event::ClaimedEvent, event_span::event_span, handle::claim_and_handle,
    handle_to_end::handle_to_end, inbox::Inbox, received_event::ReceivedEvent, verify::Intake,
};
use crate::body::respond_unread;

/// Creates a route for Kelviq's webhooks that verifies each delivery and runs `on_event` once for each event.
///
/// `on_event` is an ordinary axum handler that extracts an [`Event`](crate::Event). With a 2xx response the event counts
/// as handled. After any other response, or a panic, Kelviq's next delivery of the event is handled again.
///
/// ```
/// use axum::{Router, http::StatusCode};
/// use kelviq_axum::{Event, MemoryInbox, webhook};
/// use kelviq_core::{EventData, WebhookSecret};
///
/// async fn on_event(event: Event) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         match session.metadata {
///             Ok(metadata) => println!("fulfil {:?}", metadata.keys().collect::<Vec<_>>()),
///             Err(error) => eprintln!("event {} needs manual review: {error}", event.id),
///         }
///     }
///     Ok(())
/// }
///
/// # fn main() -> Result<(), kelviq_core::Error> {
/// let secret = WebhookSecret::new("kq_whsec_test")?;
/// let app: Router = Router::new().route("/webhooks/kelviq", webhook(secret, MemoryInbox::default(), on_event));
/// # Ok(())
/// # }
/// ```
///
/// `verifier` is a [`WebhookSecret`](kelviq_core::WebhookSecret), or a [`WebhookVerifier`] with several secrets or another
/// tolerance.
///
/// # Once per checkout
///
/// Kelviq can announce the same checkout in several events with different ids. For `checkout.completed` the route therefore
/// claims `checkout:{key}` as well as the event's id, with the session's [`key`](kelviq_core::CheckoutCompleted::key). If
/// another event of the checkout has been handled, the route responds with 200 without running the handler. If another event
/// of the checkout is being handled, it responds with 409. All other events are claimed by their id only. The key of a
/// checkout without a session id is the event's id.
///
/// A 2xx response of the handler therefore means that the checkout was fulfilled, or kept for a person to look at. A handler
/// that ignores a `checkout.completed`, for example because of its status, never gets another event of the checkout.
///
/// Both claims are completed after the handler succeeded, the checkout's first, and released after it failed.
///
/// # Layers
///
/// A layer around the whole route runs after the event was recorded as handled. If it is a database transaction and its
/// commit fails, the event is lost. Put such a layer around the handler, with [`Handler::layer`]: the commit then comes
/// before the record, and a response that is not 2xx releases the event.
///
/// ```
/// use axum::{Router, extract::Request, handler::Handler, http::StatusCode, middleware::{Next, from_fn}, response::{IntoResponse, Response}};
/// use kelviq_axum::{Event, MemoryInbox, webhook};
/// use kelviq_core::WebhookSecret;
/// # async fn commit() -> Result<(), ()> { Ok(()) }
/// # async fn on_event(_: Event) {}
///
/// async fn transaction(request: Request, next: Next) -> Response {
///     let response = next.run(request).await;
///     match commit().await {
///         Ok(()) => response,
///         Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
///     }
/// }
///
/// fn app(secret: WebhookSecret) -> Router {
///     let on_event = on_event.layer(from_fn(transaction));
///     Router::new().route("/webhooks/kelviq", webhook(secret, MemoryInbox::default(), on_event))
/// }
/// ```
///
/// # Responses
///
/// Kelviq retries a delivery unless the status is 2xx.
///
/// | outcome | status |
/// |---|---|
/// | the event or its checkout was handled, in this or an earlier delivery | 200 |
/// | another request is handling the event or its checkout | 409 with `Retry-After` |
/// | the handler failed, or the inbox could not claim the event | 500 |
/// | the delivery was rejected, see [`Webhook`](crate::Webhook#rejections) | 400, 401, 408, 413, 503 with `Retry-After` |
///
/// # Handlers
///
/// The handler also receives events of unknown types. It should respond with 2xx to events that it does not use.
///
/// The handler continues if the client disconnects. After three [leases](Inbox::LEASE) it is aborted, but not the tasks
/// that it has spawned.
///
/// A graceful shutdown does not wait for a handler whose client has disconnected. If the process ends before the handler
/// does, its claim expires and a later delivery can handle the event.
pub fn webhook<H, T, S, I>(
    verifier: impl Into<WebhookVerifier>,
    inbox: I,
    on_event: H,
) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
    I: Inbox,
{
    let intake = Arc::new((verifier.into(), Intake::new()));
    let receive = async move |State(state): State<S>, request: Request| {
        let (parts, body) = request.into_parts();
        let (verifier, intake) = &*intake;
        let delivery = match intake.read_and_verify(verifier, &parts.headers, body).await {
            Ok(delivery) => delivery,
            Err(rejection) => return rejection.into_response(),
        };
        let mut request = Request::from_parts(parts, Body::from(delivery.body));
        // The size has already been checked. Disables the application's `DefaultBodyLimit`, which could be smaller and
        // reject the body in the handler.
        DefaultBodyLimit::disable().apply(&mut request);
        let received = ReceivedEvent::new(delivery.event, delivery.session.as_deref());
        let (on_event, event) = (on_event.clone(), received.event.clone());
        let handle = move |handling| {
            request
                .extensions_mut()
                .insert(ClaimedEvent::new(event, delivery.session, handling));
            tokio::spawn(on_event.call(request, state).in_current_span())
        };
        let span = event_span(&received);
        handle_to_end(
            span,
            claim_and_handle(inbox.clone(), Release, received, handle),
        )
        .await
    };
    post(receive).fallback(method_not_allowed)
}

/// Responds with 405. axum's own fallback does not read the body, so that the sender of a large one can see a reset. axum
/// adds `Allow` with the methods of the route.
pub(super) async fn method_not_allowed(request: Request) -> Response {
    let response = StatusCode::METHOD_NOT_ALLOWED.into_response();
    respond_unread(response, request.into_body())
}
