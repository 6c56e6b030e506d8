//! Events from Kelviq's webhook log.

use super::{event::VerifiedEvent, event_source::EventSource};
use crate::{error::Error, snake_case::with_snake_case_keys};

/// Reads the payload of an entry in the webhook log, with keys in camelCase or `snake_case`.
///
/// The body of the event is the payload with `snake_case` keys.
///
/// # Errors
///
/// Returns [`WebhookPayload`](crate::ErrorKind::WebhookPayload) if the payload is not an event.
pub fn logged_event(payload: &str) -> Result<VerifiedEvent, Error> {
    let body = with_snake_case_keys(payload);
    VerifiedEvent::from_body(body.as_bytes(), EventSource::WebhookLog)
}
