//! A verified event with what its handling reads of it.

use kelviq_core::{CheckoutCompleted, VerifiedEvent};

use super::completed_checkout::CompletedCheckout;

/// A verified event, and the checkout that it completes, if it completes one.
#[derive(Clone, Debug)]
pub(super) struct ReceivedEvent {
    pub(super) event: VerifiedEvent,
    pub(super) checkout: Option<CompletedCheckout>,
}

impl ReceivedEvent {
    /// Creates the event. `session` is that of a `checkout.completed`, if it has been read.
    pub(super) fn new(event: VerifiedEvent, session: Option<&CheckoutCompleted>) -> Self {
        Self {
            checkout: match session {
                Some(session) => Some(CompletedCheckout::from(session)),
                None => CompletedCheckout::of(&event),
            },
            event,
        }
    }

    /// Returns the session id of a `checkout.completed`.
    pub(super) fn session_id(&self) -> Option<&str> {
        self.checkout.as_ref()?.session_id.as_deref()
    }
}
