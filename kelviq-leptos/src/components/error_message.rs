//! The message of a component for an error.

use std::{fmt, sync::Arc};

use crate::checkout_error::CheckoutError;

/// The prop `message` of a component: a function that returns the message for an error.
///
/// Created from a function or a closure. A closure can use what the component has:
///
/// ```
/// use kelviq_leptos::{CheckoutButton, CheckoutError};
/// use leptos::prelude::*;
///
/// #[component]
/// fn GoPro(support: String) -> impl IntoView {
///     let message = move |error: &CheckoutError| format!("{error} Please write to {support}.");
///     view! { <CheckoutButton offer="pro-monthly" message=message>"Go Pro"</CheckoutButton> }
/// }
/// ```
#[derive(Clone)]
pub struct ErrorMessage(Arc<dyn Fn(&CheckoutError) -> String + Send + Sync>);

impl ErrorMessage {
    pub(crate) fn text(&self, error: &CheckoutError) -> String {
        (self.0)(error)
    }
}

impl<F> From<F> for ErrorMessage
where
    F: Fn(&CheckoutError) -> String + Send + Sync + 'static,
{
    fn from(message: F) -> Self {
        Self(Arc::new(message))
    }
}

impl fmt::Debug for ErrorMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorMessage").finish_non_exhaustive()
    }
}
