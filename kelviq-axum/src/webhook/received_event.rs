//! A verified event with what its handling needs to know about it.

use std::sync::Arc;

use kelviq_core::{EventData, VerifiedEvent};

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
    let (_, query) = success_url.split_once('?')?;
    let (query, _) = query.split_once('#').unwrap_or((query, ""));
    form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == Reference::PARAMETER)
        .find_map(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_read_from_the_success_url() {
        let reference = "0123456789abcdef0123456789abcdef";
        for url in ["/thanks?reference=", "/thanks?from=x&reference="] {
            let url = format!("https://a.example{url}{reference}");
            assert_eq!(reference_in(&url).unwrap().as_str(), reference);
            let url = format!("{url}#top?reference=x");
            assert_eq!(reference_in(&url).unwrap().as_str(), reference);
        }
        assert!(reference_in("https://a.example/thanks?reference=x").is_none());
        assert!(reference_in("https://a.example/thanks").is_none());
    }
}
