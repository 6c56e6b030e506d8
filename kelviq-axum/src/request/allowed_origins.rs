//! Other origins whose requests are accepted.

use std::sync::Arc;

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ACCEPT, CONTENT_TYPE, ORIGIN, RETRY_AFTER},
};
use kelviq_core::__internal::{is_loopback, is_placeholder_host};
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::Url;

use crate::{address::host_name::is_host, config_error::ConfigError};

/// Other origins whose requests may sell and open the portal. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedOrigins(Arc<[HeaderValue]>);

/// Request headers of htmx.
const HTMX_HEADERS: [&str; 7] = [
    "hx-boosted",
    "hx-current-url",
    "hx-prompt",
    "hx-request",
    "hx-target",
    "hx-trigger",
    "hx-trigger-name",
];

impl AllowedOrigins {
    /// Adds an origin.
    pub(crate) fn allow(&mut self, origin: &str, in_production: bool) -> Result<(), ConfigError> {
        let origin = parse(origin, in_production)
            .map_err(|problem| ConfigError::new(format!("Shop::allow_origin: {problem}")))?;
        self.0 = self.0.iter().cloned().chain([origin]).collect();
        Ok(())
    }

    /// Returns `true` if the request has exactly one `Origin`, and it is allowed.
    pub(crate) fn allow_request(&self, headers: &HeaderMap) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let origin = origins.next().filter(|origin| self.0.contains(origin));
        origin.is_some() && origins.next().is_none()
    }

    /// Returns a layer that permits scripts of these origins to call the routes and to read the responses.
    pub(crate) fn cors_layer(&self) -> CorsLayer {
        let htmx = HTMX_HEADERS.map(HeaderName::from_static);
        let headers = [ACCEPT, CONTENT_TYPE].into_iter().chain(htmx);
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(self.0.iter().cloned()))
            .allow_credentials(true)
            .allow_methods([Method::POST])
            .allow_headers(headers.collect::<Vec<_>>())
            .expose_headers([RETRY_AFTER, HeaderName::from_static("hx-redirect")])
    }
}

/// Parses an origin in the form in which browsers send it. The error never contains the text, which can have a password.
fn parse(text: &str, in_production: bool) -> Result<HeaderValue, String> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.domain().is_none_or(is_host));
    let Some(url) = url else {
        return Err(
            "the origin is not an http or https origin such as https://app.example.com; null and * are not allowed"
                .into(),
        );
    };
    let origin = url.origin().ascii_serialization();
    if origin != text {
        return Err(format!(
            "the origin must be exact, without a path, a query, a user name or a default port; use {origin}"
        ));
    }
    if url.domain().is_some_and(is_placeholder_host) {
        return Err("the origin is a placeholder; set it to the origin of the page".into());
    }
    if in_production && url.scheme() == "http" {
        if !is_loopback(&url) {
            return Err("the origin must be https in production".into());
        }
        tracing::warn!(
            origin,
            "an origin on loopback is allowed in production: every program that listens there on a buyer's machine can sell"
        );
    }
    HeaderValue::try_from(origin).map_err(|error| error.to_string())
}
