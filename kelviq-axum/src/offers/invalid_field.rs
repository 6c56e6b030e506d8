//! A form field that is invalid for an offer.

use kelviq_core::CheckoutProblem;

use crate::{rejection::Rejection, request::context::RequestContext};

/// A form field that is invalid for an offer.
pub(super) struct InvalidField {
    pub(super) name: String,
    pub(super) problem: CheckoutProblem,
}

impl InvalidField {
    /// Logs the name of the field, but not its text, and returns the rejection.
    pub(super) fn reject(&self, offer: &str, context: &RequestContext) -> Rejection {
        tracing::info!(
            reference = %context.reference,
            offer,
            field = self.name,
            problem = self.problem.code(),
            "rejected a request for an offer"
        );
        context.reject(self.problem)
    }
}
