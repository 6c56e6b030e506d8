//! The webhook route: verify, claim, handle, and answer by what became of it.

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    response::IntoResponse,
    routing::{MethodRouter, post},
};
use kelviq_core::WebhookVerifier;
use tracing::Instrument;

use super::{
    Inbox,
    event::Claimed,
    extract::{read, verify},
    handle::handle_once,
};

/// A route for Kelviq's webhooks: verifies each delivery, hands each event to `on_event` once, and answers so that
/// Kelviq tries again when, and only when, that can help.
///
/// `on_event` is an ordinary axum handler; [`Event`](super::Event) is one of its extractors. A response of 2xx means that
/// the event has been handled; anything else, a panic too, that it has to come again.
///
/// ```
/// use axum::{Router, http::StatusCode};
/// use kelviq_axum::{
///     Event, MemoryInbox,
///     kelviq_core::{EventData, WebhookSecret},
///     webhook,
/// };
///
/// async fn on_event(event: Event) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         let metadata = session.metadata.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
///         println!("fulfil {:?}", metadata.keys().collect::<Vec<_>>());
///     }
///     Ok(())
/// }
///
/// # fn main() -> Result<(), kelviq_axum::kelviq_core::Error> {
/// let secret = WebhookSecret::new("kq_whsec_test")?;
/// let app: Router = Router::new().route("/webhooks/kelviq", webhook(secret, MemoryInbox::default(), on_event));
/// # Ok(())
/// # }
/// ```
///
/// | outcome | status |
/// |---|---|
/// | handled; handled before | 200 |
/// | being handled by another request | 409 with `Retry-After` |
/// | the handler failed, or the inbox did | 500 |
/// | headers missing or malformed; signed, but not an event | 400 |
/// | signature wrong; timestamp outside the tolerance | 401 |
/// | body over 1 MiB | 413 |
/// | body not there within 10 s | 408 |
///
/// The handler runs on when the caller hangs up, but not for longer than three [leases](Inbox::LEASE): then it is stopped,
/// though not what it spawned. Unknown types of events reach it as well: let it answer 2xx to what it does not care for.
///
/// At the end of the process a handler whose caller has hung up is cut off. Its claim runs out, and the event can come
/// again.
///
/// `verifier` is a [`WebhookSecret`](kelviq_core::WebhookSecret), or a [`WebhookVerifier`] with a tolerance or secrets
/// of its own.
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
    let verifier = verifier.into();
    let receive = async move |State(state): State<S>, request: Request| {
        let (parts, body) = request.into_parts();
        let body = match read(&parts.headers, body).await {
            Ok(body) => body,
            Err(rejection) => return rejection.into_response(),
        };
        let event = match verify(&verifier, &parts.headers, &body) {
            Ok(event) => event,
            Err(rejection) => return rejection.into_response(),
        };
        let mut request = Request::from_parts(parts, Body::from(body));
        // The body is bounded already: no limit of the application's may take it from the handler.
        DefaultBodyLimit::disable().apply(&mut request);
        let on_event = on_event.clone();
        handle_once(inbox.clone(), event.clone(), move |token| {
            request.extensions_mut().insert(Claimed { event, token });
            tokio::spawn(on_event.call(request, state).in_current_span())
        })
        .await
    };
    post(receive)
}
