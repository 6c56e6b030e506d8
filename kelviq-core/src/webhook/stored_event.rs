//! Events from a store.

use super::{event::VerifiedEvent, event_source::EventSource};
use crate::error::Error;

/// Reads the body of an event that was verified before it was stored. It is not verified again.
///
/// `source` is [`Stored`](EventSource::Stored), or the source that Kelviq's API was before the event was stored.
///
/// # Errors
///
/// Returns [`WebhookPayload`](crate::ErrorKind::WebhookPayload) if the body is not an event.
pub fn stored_event(body: &[u8], source: EventSource) -> Result<VerifiedEvent, Error> {
    VerifiedEvent::from_body(body, source)
}
