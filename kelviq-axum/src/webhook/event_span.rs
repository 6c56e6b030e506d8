//! The span of an event's log events.

use kelviq_core::{EventData, VerifiedEvent};
use tracing::{Span, error_span, field};
use url::Url;

use crate::reference::Reference;

/// Creates the span of an event's log events. It is enabled at every level, so that the ids are never lost.
///
/// The reference of a checkout comes from its success URL.
pub(super) fn event_span(event: &VerifiedEvent) -> Span {
    let span = error_span!(
        "webhook",
        event_id = event.id(),
        event_type = %event.event_type(),
        session_id = field::Empty,
        reference = field::Empty,
    );
    if let EventData::CheckoutCompleted(session) = event.data() {
        if session.session_id.is_some() {
            span.record("session_id", session.session_id.as_deref());
        }
        let success_url = session.data.and_then(|data| data.success_url);
        if let Some(reference) = success_url.as_deref().and_then(reference_in) {
            span.record("reference", reference.as_str());
        }
    }
    span
}

/// Returns the reference in the query string of a success URL.
fn reference_in(success_url: &str) -> Option<Reference> {
    let url = Url::parse(success_url).ok()?;
    url.query_pairs()
        .filter(|(name, _)| name == Reference::PARAMETER)
        .find_map(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_read_from_the_success_url() {
        let reference = "0123456789abcdef0123456789abcdef";
        let url = format!("https://a.example/thanks?from=x&reference={reference}");
        assert_eq!(reference_in(&url).unwrap().as_str(), reference);
        assert!(reference_in("https://a.example/thanks?reference=x").is_none());
        assert!(reference_in("thanks").is_none());
    }
}
