//! The event in a handler's hands.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use kelviq_core::{EventData, FromMetadata, Metadata, VerifiedEvent};

/// A verified event, extracted in a handler of [`webhook`](super::webhook). `M` is what the checkout's metadata is read
/// as.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<M = Metadata> {
    /// The event's id, the same for every delivery of the event.
    pub id: String,
    /// What is in the event.
    pub data: EventData<M>,
    /// The envelope: type, time, and the raw JSON.
    pub verified: VerifiedEvent,
}

impl<M: FromMetadata> From<VerifiedEvent> for Event<M> {
    fn from(verified: VerifiedEvent) -> Self {
        Self {
            id: verified.id().to_owned(),
            data: verified.data(),
            verified,
        }
    }
}

impl<M: FromMetadata, S: Send + Sync> FromRequestParts<S> for Event<M> {
    type Rejection = EventRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let claimed = parts.extensions.get::<Claimed>();
        claimed
            .map(|Claimed(event)| event.clone().into())
            .ok_or(EventRejection)
    }
}

/// Hands an event from the route to the extractor. Private, so that nothing else can.
#[derive(Clone)]
pub(super) struct Claimed(pub(super) VerifiedEvent);

/// [`Event`] was extracted outside of a handler given to [`webhook`](super::webhook).
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
