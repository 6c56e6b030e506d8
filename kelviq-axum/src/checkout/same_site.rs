//! Whether another site's page sent a request in the buyer's name.

use axum::http::{Method, header::ORIGIN, request::Parts};
use url::Url;

/// `Sec-Fetch-Site` decides where the browser sends it, then `Origin`; a request with neither is not a browser's.
///
/// A page under `Referrer-Policy: no-referrer` posts `Origin: null`, but says `same-origin` in `Sec-Fetch-Site`: hence
/// that order.
pub(super) fn is_from_another_site(parts: &Parts, base: &Url) -> bool {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let mut sites = parts.headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return !sites.all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    }
    let mut origins = parts.headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => false,
        (Some(origin), None) => origin.as_bytes() != base.origin().ascii_serialization().as_bytes(),
        (Some(_), Some(_)) => true,
    }
}
