//! A verified event with what its handling needs to know about it.

use std::sync::Arc;

use kelviq_core::{EventData, VerifiedEvent};
use url::Url;

use crate::reference::Reference;

/// A verified event, and what its handling reads of a `checkout.completed`. Clones share the event.
#[derive(Clone, Debug)]
pub(super) struct ReceivedEvent {
    pub(super) event: Arc<VerifiedEvent>,
    /// `None` for other events.
    pub(super) checkout: Option<CompletedCheckout>,
}

/// The checkout that an event completes.
#[derive(Clone, Debug)]
pub(super) struct CompletedCheckout {
    /// [`CheckoutCompleted::key`](kelviq_core::CheckoutCompleted::key).
    pub(super) key: String,
    pub(super) session_id: Option<String>,
    /// The reference in the query string of the success URL.
    pub(super) reference: Option<Reference>,
}

impl ReceivedEvent {
    /// Returns the session id of a `checkout.completed`.
    pub(super) fn session_id(&self) -> Option<&str> {
        self.checkout.as_ref()?.session_id.as_deref()
    }
}

impl From<VerifiedEvent> for ReceivedEvent {
    fn from(event: VerifiedEvent) -> Self {
        let checkout = match event.data() {
            EventData::CheckoutCompleted(session) => Some(CompletedCheckout {
                key: session.key().to_owned(),
                session_id: session.session_id,
                reference: session
                    .data
                    .and_then(|data| reference_in(&data.success_url?)),
            }),
            _ => None,
        };
        Self {
            event: Arc::new(event),
            checkout,
        }
    }
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
