//! The Content-Security-Policy of the pages: the strictest that Leptos works with.

use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::{nonce::use_nonce, prelude::expect_context};
use leptos_axum::ResponseOptions;

use crate::rendering::Rendering;

/// The hashes of the pages' only `style` attribute: as the server renders it, `color: rgb(1, 2, 3);`, and as hydration
/// sets it, without the semicolon.
const STYLE: &str = "'unsafe-hashes' 'sha256-C9dVM/Dv45NxCejjqzyAhMhMNrWb3cQJ/8EaBtyTO1M=' \
     'sha256-10NftZCZM8DRwF73VIpLLW7DCfc65zj9GHNQacHU0MU='";

/// Sets the policy of the page that is being rendered.
///
/// `form_targets` is a list of CSP sources that match the checkout pages. It is part of `form-action`, which also applies
/// to the redirect after a form submission.
pub(super) fn set(rendering: Rendering, form_targets: &str) {
    let nonce = use_nonce().map_or_else(String::new, |nonce| format!("'nonce-{nonce}'"));
    let scripts = if rendering.hydrates() {
        // 'self' for the preload link of `<HydrationScripts>`, which has no nonce.
        format!("'self' {nonce} 'wasm-unsafe-eval'")
    } else {
        nonce
    };
    let policy = content_security_policy(&scripts, form_targets);
    if let Ok(policy) = HeaderValue::try_from(policy) {
        expect_context::<ResponseOptions>().insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// Returns the policy, with these sources of scripts.
pub(super) fn content_security_policy(scripts: &str, form_targets: &str) -> String {
    format!(
        "default-src 'none'; script-src {scripts}; connect-src 'self'; style-src {STYLE}; img-src 'self'; \
         base-uri 'none'; frame-ancestors 'none'; form-action 'self' {form_targets}"
    )
}
