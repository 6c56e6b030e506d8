//! The message that a buyer sees when a checkout could not be started.

use kelviq_leptos::{CheckoutError, CheckoutProblem};

use crate::plan::SEATS_ALLOWED;

/// Returns the text that the checkout buttons show below themselves.
pub(super) fn message(error: &CheckoutError) -> String {
    let message = match error.problem() {
        CheckoutProblem::InvalidQuantity => format!(
            "The Team plan is sold for {} to {} seats. Please choose a whole number in that range. Nothing was charged.",
            SEATS_ALLOWED.start(),
            SEATS_ALLOWED.end(),
        ),
        // Nothing has gone wrong, so there is no reference to quote.
        CheckoutProblem::AlreadySubscribed => {
            return "You already have this plan, or one that includes it, so no checkout was started. Nothing was charged."
                .into();
        }
        other => other.message().to_owned(),
    };
    match error.reference() {
        Some(reference) => format!("{message} Reference: {reference}"),
        None => message,
    }
}
