//! The browser's implementation of `platform`.

use std::{fmt::Display, time::Duration};

use kelviq_core::__internal::{REFERENCE_PARAMETER, is_reference};
use leptos::{ev, prelude::*, serde_json, server_fn::client::get_server_url};
use serde::de::DeserializeOwned;
use web_sys::UrlSearchParams;

use crate::{
    checkout_error::CheckoutError,
    compat,
    components::error_view::ErrorView,
    lookup::{FirstLookup, LOOKUP_ATTRIBUTE, Lookup, REFERENCE_ATTRIBUTE},
    page_query::{self, without_error},
};

/// Does nothing: only the server has the offers.
pub(crate) fn check_offer(_offer: &str) {}

/// A form on the page. The error of the form is in the server's HTML only.
pub(crate) struct FormOnPage {
    action: String,
}

impl FormOnPage {
    pub(crate) fn new(path: &str, _name: &str, _error: &ErrorView) -> Self {
        let (_, query, _) = location();
        if query.contains(page_query::FAILED) {
            compat::set_timeout(remove_error_from_url, Duration::ZERO);
        }
        Self {
            action: [get_server_url(), path].concat(),
        }
    }

    /// Returns the URL that the form posts to. The browser keeps the server's when it hydrates the form.
    pub(crate) fn action(&self) -> String {
        self.action.clone()
    }
}

/// Returns path and query of the page, without the error of a form.
pub(crate) fn current_page() -> String {
    let (path, query, _) = location();
    without_error(&[path, query].concat())
}

/// Returns the error. Only the server sends errors.
pub(crate) fn prepare_error(error: &CheckoutError) -> CheckoutError {
    error.clone()
}

/// Returns the body for the error. Only the server sends errors.
pub(crate) fn error_body(error: &CheckoutError) -> String {
    error.to_body()
}

/// Calls `callback` when the browser restores the page from its cache, and when the current owner is cleaned up.
pub(crate) fn on_reset(callback: impl Fn() + Copy + Send + Sync + 'static) {
    let handle = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            callback();
        }
    });
    on_cleanup(move || {
        handle.remove();
        callback();
    });
}

/// Removes the error from the URL, so that a reload or a bookmark does not show it again.
fn remove_error_from_url() {
    let (path, query, fragment) = location();
    let Ok(history) = window().history() else {
        return;
    };
    let url = without_error(&[path, query].concat()) + &fragment;
    let state = history.state().unwrap_or_default();
    // If the browser does not allow it, the error stays in the URL.
    let _ = history.replace_state_with_url(&state, "", Some(&url));
}

/// Returns the checkout's reference in the URL of the page: the router's URL, or else the address, which is read again
/// when the buyer goes back or forward.
pub(crate) fn reference_of_page() -> Signal<Option<String>> {
    #[cfg(feature = "router")]
    if use_context::<leptos_router::location::BrowserUrl>().is_some() {
        let url = leptos_router::hooks::use_url();
        return Signal::derive(move || url.with(|url| reference_in_query(url.search())));
    }
    let reference_in_address = || {
        let (_, query, _) = location();
        reference_in_query(&query)
    };
    let reference = RwSignal::new(reference_in_address());
    let handle = window_event_listener(ev::popstate, move |_| {
        reference.try_set(reference_in_address());
    });
    on_cleanup(move || handle.remove());
    reference.into()
}

fn reference_in_query(query: &str) -> Option<String> {
    UrlSearchParams::new_with_str(query)
        .ok()?
        .get(REFERENCE_PARAMETER)
        .filter(|text| is_reference(text))
}

/// Renders the state in the server's HTML. If the browser renders the page, the order is looked up after that.
pub(crate) fn render_first_lookup<T, E, F, V>(
    _order: impl Fn(String) -> F + Send + 'static,
    reference: Option<String>,
    render: impl FnOnce(FirstLookup<T>) -> V + Send + 'static,
) -> V
where
    T: DeserializeOwned,
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let lookup = match reference {
        Some(reference) => rendered_lookup(&reference).unwrap_or(Lookup::Waiting),
        None => Lookup::Unconfirmed,
    };
    render(lookup.into())
}

/// Returns the state in the server's HTML. Returns `None` if the browser renders the page.
fn rendered_lookup<T: DeserializeOwned>(reference: &str) -> Option<Lookup<T>> {
    let selector = format!("[{REFERENCE_ATTRIBUTE}='{reference}']");
    let element = document().query_selector(&selector).ok()??;
    let json = element.get_attribute(LOOKUP_ATTRIBUTE)?;
    // The next component with this reference finds its own element.
    let _ = element.remove_attribute(REFERENCE_ATTRIBUTE);
    serde_json::from_str(&json).ok()
}

/// Returns path, query and fragment of the page.
fn location() -> (String, String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
        location.hash().unwrap_or_default(),
    )
}
