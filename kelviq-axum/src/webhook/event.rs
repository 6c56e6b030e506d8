//! The `Event` extractor.

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{EventData, FromMetadata, Metadata, VerifiedEvent};

use super::{claims::Claims, inbox::ClaimToken, rejection::EventRejection};

/// A verified event, and the extractor for it in a handler of [`webhook`](crate::webhook). `M` is the type that the
/// checkout's metadata is parsed into.
///
/// ```
/// use axum::http::StatusCode;
/// use kelviq_axum::Event;
/// use kelviq_core::{CheckoutMetadata, EventData};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// async fn on_event(event: Event<OrderMetadata>) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         match session.metadata {
///             Ok(order) => println!("event {}: fulfil {}", event.id, order.order_ref),
///             Err(error) => eprintln!("event {} needs manual review: {error}", event.id),
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// # Rejections
///
/// Rejects with an [`EventRejection`] if the handler was not passed to [`webhook`](crate::webhook): 500. In other
/// handlers, extract [`Webhook`](crate::Webhook).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<M = Metadata> {
    /// The event's id, which is the same in every delivery of the event.
    pub id: String,
    /// The event's data, by type.
    pub data: EventData<M>,
    /// The event's envelope: type, time and raw JSON.
    pub verified: VerifiedEvent,
    /// The claim under which the handler runs, for an inbox that records the event in the handler's own transaction.
    /// `None` if the event comes from the [`Webhook`](crate::Webhook) extractor, which does not use an inbox.
    pub claim: Option<ClaimToken>,
    /// The claim of the checkout, under the id `checkout:{key}`. It is used like [`claim`](Self::claim), and should
    /// be completed before it. `None` for events other than `checkout.completed`.
    pub checkout_claim: Option<ClaimToken>,
}

impl<M: FromMetadata> From<VerifiedEvent> for Event<M> {
    fn from(verified: VerifiedEvent) -> Self {
        Self {
            id: verified.id().to_owned(),
            data: verified.data(),
            verified,
            claim: None,
            checkout_claim: None,
        }
    }
}

impl<M: FromMetadata, S: Send + Sync> FromRequestParts<S> for Event<M> {
    type Rejection = EventRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let claimed = parts.extensions.get::<ClaimedEvent>();
        let ClaimedEvent { event, claims } = claimed.ok_or(EventRejection)?;
        Ok(Self {
            claim: Some(claims.event.clone()),
            checkout_claim: claims.checkout.clone(),
            ..event.clone().into()
        })
    }
}

/// The request extension by which the route passes an event to the extractor. Private, so that an event which the
/// extractor finds is always verified and claimed.
#[derive(Clone)]
pub(super) struct ClaimedEvent {
    pub(super) event: VerifiedEvent,
    pub(super) claims: Claims,
}
