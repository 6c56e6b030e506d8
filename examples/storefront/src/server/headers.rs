//! The headers that keep the pages to themselves.

use axum::{
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    response::Response,
};
use leptos::{nonce::use_nonce, prelude::expect_context};
use leptos_axum::ResponseOptions;

use super::site::Site;

const DEFAULTS: [(HeaderName, HeaderValue); 3] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // The reference in the address of the thank-you page stays here.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    // Pages are one visitor's, and go stale with the next webhook.
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Adds what a response has not set itself.
pub(super) async fn add_defaults(mut response: Response) -> Response {
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Gives the page that is being rendered its Content-Security-Policy: nothing from elsewhere, and no script but those
/// of the site, if there is one.
///
/// `checkout_pages` are the sources that checkouts lead to: `form-action` holds for the redirect that answers a form, too.
pub(super) fn set_policy(checkout_pages: &str, site: Option<&Site>) {
    let scripts = match (site, use_nonce()) {
        // The hint that Leptos gives browsers to load the script early carries no nonce, hence 'self'.
        (Some(site), Some(nonce)) => format!(
            "script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src {}",
            site.connections()
        ),
        _ => "script-src 'none'".into(),
    };
    let policy = format!(
        "default-src 'none'; {scripts}; style-src 'self'; img-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {checkout_pages}"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        expect_context::<ResponseOptions>().insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
