//! The references of errors that occur before a checkout has one.

use axum::http::request::Parts;
use kelviq_axum::__internal::random_reference;
use leptos::prelude::use_context;

use super::context::LayerContext;

/// Returns a random reference for an error, to log it and to show it to the buyer.
pub(crate) fn new_reference() -> Option<String> {
    random_reference().map(|reference| reference.to_string())
}

/// Returns a random reference for an error of the current server function. `None` if there is no layer, and in a task
/// that has no Leptos context.
pub(super) fn reference_of_error() -> Option<String> {
    use_context::<Parts>()?.extensions.get::<LayerContext>()?;
    new_reference()
}
