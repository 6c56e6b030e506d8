//! What a component finds out about the page in the browser.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

use crate::{
    CheckoutProblem,
    plain_form::{parameter, without_error},
};

thread_local! {
    /// The query that the page was loaded with, for as long as its parts are taken over one by one.
    static QUERY: Option<UrlSearchParams> = {
        let query = window().location().search().unwrap_or_default();
        UrlSearchParams::new_with_str(&query).ok()
    };
}

/// The error that the server has shown beside the form of this name. A page of the browser's own making has none.
pub(crate) fn error_of_page(name: &str) -> Option<CheckoutProblem> {
    let is_taken_over =
        Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if !is_taken_over {
        return None;
    }
    let get = |name| QUERY.with(|query| query.as_ref()?.get(name));
    if get(parameter::FAILED)? != name {
        return None;
    }
    let problem = CheckoutProblem::from_code(&get(parameter::ERROR)?)?;
    Effect::new(|_| forget_the_error());
    Some(problem)
}

/// Takes the error out of the address: it has been shown, and a reload or a bookmark should not show it again.
fn forget_the_error() {
    let (path, query, fragment) = address();
    let Ok(history) = window().history() else {
        return;
    };
    let address = without_error(&[path, query].concat()) + &fragment;
    let state = history.state().unwrap_or_default();
    // Where it is not allowed, the error stays in the address.
    let _ = history.replace_state_with_url(&state, "", Some(&address));
}

/// The path and query of the page.
pub(crate) fn page() -> String {
    let (path, query, _) = address();
    without_error(&[path, query].concat())
}

/// The checkout's reference that the page was opened with.
pub(crate) fn reference_of_page() -> Option<String> {
    let (_, query, _) = address();
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    UrlSearchParams::new_with_str(&query)
        .ok()?
        .get("reference")
        .filter(|text| text.len() == 32 && text.bytes().all(is_digit))
}

fn address() -> (String, String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
        location.hash().unwrap_or_default(),
    )
}
