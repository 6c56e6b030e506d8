//! The event in a handler's hands.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use kelviq_core::{EventData, FromMetadata, Metadata, VerifiedEvent};

use super::ClaimToken;

/// A verified event, extracted in a handler of [`webhook`](super::webhook). `M` is what the checkout's metadata is read
/// as.
///
/// ```
/// use axum::http::StatusCode;
/// use kelviq_axum::{Event, kelviq_core::{CheckoutMetadata, EventData}};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// async fn on_event(event: Event<OrderMetadata>) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         let order = session.metadata.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
///         println!("event {}: fulfil {}", event.id, order.order_ref);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<M = Metadata> {
    /// The event's id, the same for every delivery of the event.
    pub id: String,
    /// What is in the event.
    pub data: EventData<M>,
    /// The envelope: type, time, and the raw JSON.
    pub verified: VerifiedEvent,
    /// The claim that the handler works under, for an inbox that records the event in the handler's own transaction.
    /// `None` from the [`Webhook`](super::Webhook) extractor, which claims nothing.
    pub claim: Option<ClaimToken>,
}

impl<M: FromMetadata> From<VerifiedEvent> for Event<M> {
    fn from(verified: VerifiedEvent) -> Self {
        Self {
            id: verified.id().to_owned(),
            data: verified.data(),
            verified,
            claim: None,
        }
    }
}

impl<M: FromMetadata, S: Send + Sync> FromRequestParts<S> for Event<M> {
    type Rejection = EventRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let claimed = parts.extensions.get::<Claimed>();
        let Claimed { event, token } = claimed.ok_or(EventRejection)?;
        Ok(Self {
            claim: Some(token.clone()),
            ..event.clone().into()
        })
    }
}

/// Hands an event from the route to the extractor. Private, so that nothing else can.
#[derive(Clone)]
pub(super) struct Claimed {
    pub(super) event: VerifiedEvent,
    pub(super) token: ClaimToken,
}

/// [`Event`] was extracted outside of a handler given to [`webhook`](super::webhook).
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts};
/// use kelviq_axum::{Event, EventRejection};
///
/// /// The app's id of the customer whom an event is about.
/// struct CustomerId(Option<String>);
///
/// impl<S: Send + Sync> FromRequestParts<S> for CustomerId {
///     type Rejection = EventRejection;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, EventRejection> {
///         let event: Event = Event::from_request_parts(parts, state).await?;
///         Ok(Self(event.data.customer().and_then(|customer| customer.customer_id.clone())))
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EventRejection;

impl IntoResponse for EventRejection {
    fn into_response(self) -> Response {
        tracing::error!(
            "Event can be extracted only in a handler given to kelviq_axum::webhook; elsewhere, extract Webhook"
        );
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
