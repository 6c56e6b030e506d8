//! The claims under which an event is handled.

use kelviq_core::__internal::checkout_key;

use super::inbox::ClaimToken;

/// The claim of an event and, for `checkout.completed`, the claim of its checkout.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub(super) event: ClaimToken,
    pub(super) checkout: Option<ClaimToken>,
}

impl Claims {
    /// Returns the tokens in the order in which they are completed or released: the checkout's first.
    ///
    /// If the process ends after the checkout's claim was completed, the next delivery of the event finds the checkout
    /// handled. In the other order, another event of the same checkout would be handled again.
    pub(super) fn inner_first(&self) -> impl Iterator<Item = &ClaimToken> {
        self.checkout.iter().chain([&self.event])
    }
}

/// Maximum length of a claim's id, which is also that of an event's id. Inboxes use it as a database key.
const MAX_LENGTH: usize = 255;

/// Returns the id of the claim of a checkout with this key.
///
/// Returns `None` if the id would be longer than [`MAX_LENGTH`]. That is only possible if the checkout has no session id, so
/// that its key is the event's id, which is claimed anyway.
pub(super) fn claim_id_of(key: &str) -> Option<String> {
    let id = ["checkout:", key].concat();
    (id.len() <= MAX_LENGTH).then_some(id)
}

/// Returns the id of the claim of the checkout with this session id.
pub(crate) fn checkout_claim_id(session_id: &str) -> String {
    format!("checkout:{}", checkout_key(session_id))
}
