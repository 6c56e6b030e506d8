//! The page that is being rendered.

use axum::http::request::Parts;
use kelviq_core::__internal::{REFERENCE_PARAMETER, is_reference};
use leptos::prelude::{Signal, use_context};

use super::{context::LayerContext, mount::Mount};
use crate::page_query::without_error;

/// Logs an error if the offer of a button does not exist.
pub(crate) fn check_offer(offer: &str) {
    // Leptos renders the application once without a request, to generate its routes.
    let request = use_context::<Parts>().filter(|parts| !parts.headers.is_empty());
    let Some(context) = request.and_then(|parts| LayerContext::from_parts(Some(&parts))) else {
        return;
    };
    if !context.offers.contains(offer) {
        tracing::error!(
            offer,
            "a page has a button for an offer that does not exist; add the offer to Offers::builder"
        );
    }
}

/// Returns path and query of the page in the browser, without the error of a form.
pub(crate) fn current_page() -> String {
    let Some(parts) = use_context::<Parts>() else {
        return "/".into();
    };
    let context = parts.extensions.get::<LayerContext>();
    let mount = context.map_or_else(Mount::default, |context| context.mount.clone());
    without_error(&mount.page(&parts))
}

/// Does nothing: only a browser restores pages.
pub(crate) fn on_reset(_callback: impl Fn() + Copy + Send + Sync + 'static) {}

/// Returns the checkout's reference in the URL of the page.
pub(crate) fn reference_of_page() -> Signal<Option<String>> {
    let reference = use_context::<Parts>().and_then(|parts| {
        let mut parameters = query_parameters(&parts).into_iter();
        let (_, text) = parameters.find(|(name, _)| name == REFERENCE_PARAMETER)?;
        Some(text).filter(|text| is_reference(text))
    });
    Signal::stored(reference)
}

pub(super) fn query_parameters(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}
