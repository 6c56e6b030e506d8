//! What a form shows for an error.

use kelviq_core::CheckoutProblem;
use leptos::prelude::*;

use super::error_message::ErrorMessage;
use crate::checkout_error::CheckoutError;

/// What a form shows for an error: a message, and below it the way to the customer's subscription, if there is one already.
#[derive(Clone)]
pub(crate) struct ErrorView {
    pub(super) message: ErrorMessage,
    /// The content below the message of [`CheckoutProblem::AlreadySubscribed`].
    pub(super) manage: Option<ViewFn>,
}

impl ErrorView {
    pub(crate) fn text(&self, error: &CheckoutError) -> String {
        self.message.text(error)
    }

    /// Returns the content below the message.
    pub(crate) fn manage(&self, error: &CheckoutError) -> Option<AnyView> {
        let manage = self.manage.as_ref()?;
        (error.problem() == CheckoutProblem::AlreadySubscribed).then(|| manage.run())
    }
}
