//! Security and cache headers of the responses.

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
    // Do not send the reference in the URL of the thank-you page to other sites.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    // Pages are specific to a visitor and change with the next webhook.
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Adds the default headers that a response does not have yet.
pub(super) async fn add_defaults(mut response: Response) -> Response {
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Sets the Content-Security-Policy of the page that is being rendered: nothing from other origins, and no scripts
/// except those of `site`.
///
/// `checkout_sources` is a list of CSP sources that match the checkout pages. It is part of `form-action`, which also
/// applies to the redirect after a form submission.
pub(super) fn set_policy(checkout_sources: &str, site: Option<&Site>) {
    let scripts = match (site, use_nonce()) {
        // 'self' is for the `modulepreload` link, to which Leptos adds no nonce.
        (Some(site), Some(nonce)) => format!(
            "script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src {}",
            site.connect_sources()
        ),
        _ => "script-src 'none'".into(),
    };
    let policy = format!(
        "default-src 'none'; {scripts}; style-src 'self'; img-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {checkout_sources}"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        expect_context::<ResponseOptions>().insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
