//! The `Webhook` extractor.

use axum::extract::{FromRef, FromRequest, Request};
use kelviq_core::{FromMetadata, Metadata, WebhookVerifier};

use super::{event::Event, rejection::WebhookRejection, verify::Intake};

/// An extractor that verifies a webhook delivery, for handlers that detect repeated deliveries themselves. Otherwise use
/// [`webhook`](crate::webhook), which handles each event once.
///
/// The state must provide a [`WebhookVerifier`] through [`FromRef`]. The extractor consumes the body, so it must be the
/// last one of a handler, and no middleware may have changed the body.
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::Webhook;
/// use kelviq_core::WebhookVerifier;
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     verifier: WebhookVerifier,
/// }
///
/// async fn on_event(Webhook(event): Webhook) {
///     println!("{} {}", event.verified.event_type(), event.id);
/// }
///
/// let app: Router<App> = Router::new().route("/webhooks/kelviq", post(on_event));
/// ```
///
/// # Rejections
///
/// Rejects with a [`WebhookRejection`] if
///
/// - a webhook header is missing or malformed: 400, before the body is read
/// - the body is over 1 MiB: 413
/// - the body does not arrive within 10 s: 408
/// - the body breaks off: 400
/// - too many large bodies arrive at once: 503 with `Retry-After`. Together, bodies can have 6 MiB, of which those over
///   64 KiB can use 4 MiB. The first 16 KiB of each body do not count
/// - the signature does not match: 401
/// - the timestamp is outside the tolerance: 401
/// - the signed body is not an event: 400
///
/// The rest of a body that is not read to its end is received and dropped while the response is sent, for at most 2 s and
/// 64 MiB, so that senders which read the response only after they have sent the body receive it.
///
/// Of the rejections with the same cause, at most 10 in 10 s are logged. The next log event counts the others.
#[derive(Clone, Debug)]
pub struct Webhook<M = Metadata>(pub Event<M>);

/// Shared by all uses of the extractor in the process.
static INTAKE: Intake = Intake::new();

impl<M, S> FromRequest<S> for Webhook<M>
where
    M: FromMetadata,
    WebhookVerifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let verifier = WebhookVerifier::from_ref(state);
        let (parts, body) = request.into_parts();
        let delivery = INTAKE
            .read_and_verify(&verifier, &parts.headers, body)
            .await?;
        Ok(Self(Event::new(delivery.event, delivery.session)))
    }
}
