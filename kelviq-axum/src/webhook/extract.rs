//! Verification alone, as an extractor.

use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use kelviq_core::{
    ErrorKind, FromMetadata, Metadata, VerifiedEvent, WebhookHeaders, WebhookVerifier,
};

use super::Event;
use crate::body::read_body;

/// A verified event, for handlers that look after repeated deliveries themselves. [`webhook`](super::webhook) does it
/// for you.
///
/// Works with any state that gives a [`WebhookVerifier`]. It reads the body, so it comes last among the extractors, and
/// nothing may have parsed the body before.
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::{Webhook, kelviq_core::WebhookVerifier};
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
#[derive(Clone, Debug)]
pub struct Webhook<M = Metadata>(pub Event<M>);

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
        let body = read(&parts.headers, body).await?;
        verify(&verifier, &parts.headers, &body).map(|event| Self(event.into()))
    }
}

const HEADERS: &str = "a webhook header is missing or malformed";

/// Far more than any event has.
const MAX_BODY: usize = 1024 * 1024;

/// The body, up to the limit; of a request that is no webhook nothing is read.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, WebhookRejection> {
    let missing = WebhookHeaders::NAMES
        .iter()
        .find(|name| !headers.contains_key(**name));
    if let Some(missing) = missing {
        tracing::warn!(missing, "a request without a webhook's headers was refused");
        return Err(WebhookRejection {
            status: StatusCode::BAD_REQUEST,
            message: HEADERS,
        });
    }
    read_body(body, MAX_BODY).await.map_err(|status| {
        tracing::warn!(%status, "a webhook's body was not read");
        WebhookRejection {
            status,
            message: "the body is too large, too slow, or broke off",
        }
    })
}

pub(super) fn verify(
    verifier: &WebhookVerifier,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<VerifiedEvent, WebhookRejection> {
    let headers = WebhookHeaders::from_lookup(|name| headers.get(name).map(HeaderValue::as_bytes));
    verifier.verify(headers, body).map_err(|error| {
        tracing::warn!(%error, "a webhook was refused");
        let (status, message) = match error.kind() {
            ErrorKind::WebhookSignature => {
                (StatusCode::UNAUTHORIZED, "the signature does not match")
            }
            ErrorKind::WebhookTimestamp => (
                StatusCode::UNAUTHORIZED,
                "the timestamp is too far from now",
            ),
            ErrorKind::WebhookHeaders => (StatusCode::BAD_REQUEST, HEADERS),
            _ => (StatusCode::BAD_REQUEST, "the body is not an event"),
        };
        WebhookRejection { status, message }
    })
}

/// A delivery that was not accepted. The response has a fixed message; the reason, with a hint, is in the log.
///
/// ```
/// use kelviq_axum::{Webhook, WebhookRejection};
///
/// async fn on_event(delivery: Result<Webhook, WebhookRejection>) -> Result<(), WebhookRejection> {
///     let Webhook(event) = delivery.inspect_err(|rejection| {
///         println!("refused with {}", rejection.status()); // or count it
///     })?;
///     println!("{}", event.id);
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WebhookRejection {
    status: StatusCode,
    message: &'static str,
}

impl WebhookRejection {
    /// 400 for missing or malformed headers and for a body that is no event, 401 for a wrong signature or time, 413 for
    /// a body over the limit, 408 for one that does not arrive within 10 s.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        (self.status, self.message).into_response()
    }
}
