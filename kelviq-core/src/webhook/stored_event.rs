//! Events from a store.

use super::{event::VerifiedEvent, event_source::EventSource};
use crate::error::Error;

/// Reads the body of an event that was verified before it was stored. It is not verified again.
///
/// # Errors
///
/// Returns [`WebhookPayload`](crate::ErrorKind::WebhookPayload) if the body is not an event.
pub fn stored_event(body: &[u8]) -> Result<VerifiedEvent, Error> {
    VerifiedEvent::from_body(body, EventSource::Stored)
}
