//! The span of an event's log events.

use tracing::{Span, error_span, field};

use super::{completed_checkout::CompletedCheckout, received_event::ReceivedEvent};

/// Creates the span of an event's log events. It is enabled at every level, so that the ids are never lost.
///
/// The reference of a checkout comes from its success URL.
pub(super) fn event_span(received: &ReceivedEvent) -> Span {
    let span = error_span!(
        "webhook",
        event_id = received.event.id(),
        event_type = %received.event.event_type(),
        session_id = field::Empty,
        reference = field::Empty,
    );
    if span.is_none() {
        return span;
    }
    if let Some(session_id) = received.session_id() {
        span.record("session_id", session_id);
    }
    let checkout = received.checkout.as_ref();
    if let Some(reference) = checkout.and_then(CompletedCheckout::reference) {
        span.record("reference", reference.as_str());
    }
    span
}
