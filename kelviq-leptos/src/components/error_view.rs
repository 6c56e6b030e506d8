//! What a form shows for an error.

use kelviq_core::CheckoutProblem;

use super::{error_content::ErrorContent, error_message::ErrorMessage};
use crate::checkout_error::CheckoutError;

/// What a form shows for an error: a message, and below it the way to the customer's subscription, if there is one already.
#[derive(Clone)]
pub(crate) struct ErrorView {
    pub(super) message: ErrorMessage,
    /// The content below the message of [`CheckoutProblem::AlreadySubscribed`].
    pub(super) manage: Option<ErrorContent>,
}

impl ErrorView {
    pub(crate) fn text(&self, error: &CheckoutError) -> String {
        self.message.text(error)
    }

    /// Returns the content below the message.
    pub(super) fn content(&self, error: &CheckoutError) -> Option<&ErrorContent> {
        let manage = self.manage.as_ref();
        manage.filter(|_| error.problem() == CheckoutProblem::AlreadySubscribed)
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn content_view(&self, error: &CheckoutError) -> Option<leptos::prelude::AnyView> {
        self.content(error).map(ErrorContent::view)
    }
}
