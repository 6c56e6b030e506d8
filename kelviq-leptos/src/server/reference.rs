//! The references of errors that occur before a checkout has one.

use kelviq_axum::__internal::random_reference;

/// Returns a random reference for an error, to log it and to show it to the buyer.
pub(super) fn new_reference() -> Option<String> {
    random_reference().map(|reference| reference.to_string())
}
