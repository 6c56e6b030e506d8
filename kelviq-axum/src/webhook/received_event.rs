//! A verified event with what its handling reads of it.

use std::sync::Arc;

use kelviq_core::VerifiedEvent;

use super::completed_checkout::CompletedCheckout;

/// A verified event, and the checkout that it completes, if it completes one.
#[derive(Clone, Debug)]
pub(super) struct ReceivedEvent {
    pub(super) event: Arc<VerifiedEvent>,
    pub(super) checkout: Option<CompletedCheckout>,
}

impl ReceivedEvent {
    /// Returns the session id of a `checkout.completed`.
    pub(super) fn session_id(&self) -> Option<&str> {
        self.checkout.as_ref()?.session_id.as_deref()
    }
}

impl From<VerifiedEvent> for ReceivedEvent {
    fn from(event: VerifiedEvent) -> Self {
        Self {
            checkout: CompletedCheckout::of(&event),
            event: Arc::new(event),
        }
    }
}
