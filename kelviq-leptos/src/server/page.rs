//! What a component finds out about the page that is being rendered.

use axum::{extract::OriginalUri, http::request::Parts};
use kelviq_axum::Reference;
use leptos::prelude::use_context;

use super::layer::Provided;
use crate::{
    CheckoutProblem,
    plain_form::{parameter, without_error},
};

/// The path and query of the page, without an error that it shows.
pub(crate) fn page() -> String {
    use_context::<Parts>().map_or_else(|| "/".into(), |parts| without_error(&address(&parts)))
}

/// The address for a form of this name on this page.
pub(crate) fn form_action(path: &str, name: &str) -> String {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair(parameter::FORM, name)
        .append_pair(parameter::PAGE, &page())
        .finish();
    format!("{path}?{form}")
}

/// The error that the form of this name has on this page.
pub(crate) fn error_of_page(name: &str) -> Option<CheckoutProblem> {
    let parameters = parameters(&use_context::<Parts>()?);
    // The first of each, as the browser's side does: the two have to show the same.
    let get = |name| {
        let mut parameters = parameters.iter();
        parameters.find_map(|(key, value)| (key == name).then_some(value))
    };
    if get(parameter::FAILED)? != name {
        return None;
    }
    CheckoutProblem::from_code(get(parameter::ERROR)?)
}

/// The checkout's reference that the page was opened with.
pub(crate) fn reference_of_page() -> Option<String> {
    let parameters = parameters(&use_context::<Parts>()?);
    let mut parameters = parameters.into_iter();
    let (_, text) = parameters.find(|(name, _)| name == Reference::PARAMETER)?;
    let reference: Reference = text.parse().ok()?;
    Some(reference.to_string())
}

/// Tells the developer what would fail at the first click.
pub(crate) fn check_offer(offer: &str) {
    // Leptos renders the application once without a visitor, to find its routes.
    let visit = use_context::<Parts>().filter(|parts| !parts.headers.is_empty());
    let Some(parts) = visit else { return };
    match parts.extensions.get::<Provided>() {
        Some(provided) if !provided.seller.contains(offer) => {
            tracing::error!(
                offer,
                "a page has a button for an offer that does not exist"
            );
        }
        Some(_) => {}
        None => super::sell::tell_that_the_layer_is_missing(),
    }
}

/// The path and query that the browser asked for, also where routers are nested.
fn address(parts: &Parts) -> String {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |OriginalUri(uri)| uri);
    uri.path_and_query()
        .map_or_else(|| "/".into(), ToString::to_string)
}

fn parameters(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}
