//! The empty page of an application without server-side rendering.

use axum::{
    http::header::CONTENT_SECURITY_POLICY,
    response::{Html, IntoResponse},
};

use super::policy;

/// Returns the page, which loads the script with this name.
pub(super) fn page(output_name: &str, form_targets: &str) -> impl IntoResponse + Clone + use<> {
    let policy =
        policy::content_security_policy("'nonce-start' 'self' 'wasm-unsafe-eval'", form_targets);
    let page = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8>\
         <meta name=viewport content='width=device-width, initial-scale=1'><title>A shop</title>\
         <script type=module nonce=start>import init from '/pkg/{output_name}.js'; init();</script>\
         </head><body></body></html>"
    );
    ([(CONTENT_SECURITY_POLICY, policy)], Html(page))
}
