//! Whether another site's page sent a request in the buyer's name.

use axum::http::{Method, header::ORIGIN, request::Parts};
use url::Url;

/// `Sec-Fetch-Site` decides where the browser sends it, then `Origin`; a request with neither is not a browser's.
///
/// A page under `Referrer-Policy: no-referrer` posts `Origin: null`, but says `same-origin` in `Sec-Fetch-Site`: hence
/// that order.
pub(crate) fn is_from_another_site(parts: &Parts, base: &Url) -> bool {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(site) = parts.headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = parts.headers.get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    origin.is_none_or(|origin| origin.origin() != base.origin())
}
