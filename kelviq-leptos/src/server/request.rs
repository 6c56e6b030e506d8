//! The request of a server function that sells.

use axum::http::request::Parts;
use kelviq_axum::{ResponseFormat, ReturnPath};
use kelviq_core::CheckoutProblem;
use leptos::prelude::use_context;

use super::{context::LayerContext, response::fail};
use crate::checkout_error::CheckoutError;

/// Returns the layer's context, and the request that the buyer is extracted from.
///
/// A buyer who signs in returns to the page of the plain form, or to `page`, which a script sends.
pub(super) fn checkout_request(
    page: Option<String>,
) -> Result<(LayerContext, Parts), CheckoutError> {
    let Some(mut parts) = use_context::<Parts>() else {
        tracing::error!(
            "a checkout was started outside of a server function; \
             call it in a server function that leptos_axum handles"
        );
        return Err(CheckoutProblem::Internal.into());
    };
    let Some(context) = LayerContext::from_parts(Some(&parts)) else {
        return Err(fail(CheckoutProblem::Internal));
    };
    let page = match &context.plain_form {
        Some(form) => Some(form.page().clone()),
        None => page.and_then(ReturnPath::new),
    };
    if let Some(page) = page {
        parts.extensions.insert(page);
    }
    // Makes the extractor reject with a redirect instead of JSON: only a redirect can be passed on to the browser.
    parts.extensions.insert(ResponseFormat::Html);
    Ok((context, parts))
}
