//! The page that is being rendered.

use axum::{extract::OriginalUri, http::request::Parts};
use kelviq_core::{
    __internal::{REFERENCE_PARAMETER, is_reference},
    CheckoutProblem,
};
use leptos::prelude::{Signal, use_context};

use super::context::LayerContext;
use crate::{
    checkout_error::CheckoutError,
    page_query::{self, without_error},
};

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

/// Returns the URL that the form posts to.
pub(crate) fn form_action(path: &str, name: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair(page_query::FORM, name)
        .append_pair(page_query::PAGE, &current_page())
        .finish();
    format!("{path}?{query}")
}

/// Returns path and query of the page, without the error of a form.
pub(crate) fn current_page() -> String {
    use_context::<Parts>().map_or_else(
        || "/".into(),
        |parts| without_error(&path_and_query(&parts)),
    )
}

/// Returns the error of the form in the URL of the page.
///
/// Both platforms read it from the URL. Leptos could send it to the browser as a resource, but resources are numbered
/// by the order in which they are created, and for a button in a `<Suspense>` that order differs in the browser.
pub(crate) fn error_of_form(name: &str) -> Option<CheckoutError> {
    let parameters = query_parameters(&use_context::<Parts>()?);
    // Uses the first value of each parameter, like `URLSearchParams.get` in the browser, so that both platforms render the
    // same HTML.
    let get = |name| {
        let mut parameters = parameters.iter();
        parameters.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    };
    if get(page_query::FAILED)? != name {
        return None;
    }
    let problem = CheckoutProblem::from_code(get(page_query::ERROR)?)?;
    let reference = get(page_query::REFERENCE).filter(|text| is_reference(text));
    Some(CheckoutError::from(problem).with_reference(reference.map(str::to_owned)))
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

/// Returns path and query as the browser requested them, also in nested routers.
fn path_and_query(parts: &Parts) -> String {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |OriginalUri(uri)| uri);
    uri.path_and_query()
        .map_or_else(|| "/".into(), ToString::to_string)
}

fn query_parameters(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}
