//! The protection against cross-site requests.

use axum::http::{HeaderName, Method, header::ORIGIN, request::Parts};
use url::Url;

use super::allowed_origins::AllowedOrigins;

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Returns `true` if `Origin` is present, not allowed and not that of `base`.
///
/// `null` passes if the browser reports the same origin: a page with `Referrer-Policy: no-referrer` sends it.
pub(crate) fn has_foreign_origin(parts: &Parts, base: &Url, allowed: &AllowedOrigins) -> bool {
    if allowed.allow_request(&parts.headers) {
        return false;
    }
    let mut sites = parts.headers.get_all(&SEC_FETCH_SITE).iter();
    let is_same_origin =
        sites.next().is_some_and(|site| site == "same-origin") && sites.next().is_none();
    let expected = base.origin().ascii_serialization();
    let mut origins = parts.headers.get_all(ORIGIN).iter();
    !origins.all(|origin| *origin == *expected || (is_same_origin && origin == "null"))
}

/// Returns `true` if a page of another site sent the request, and its origin is not allowed.
///
/// `Sec-Fetch-Site` of an allowed origin is `cross-site` or `same-site`. For other origins it is checked first: a page with
/// `Referrer-Policy: no-referrer` sends `Origin: null` also to its own site. Without that header, `Origin` must match `base`.
/// A request without both headers is not from a browser.
pub(crate) fn is_cross_site(parts: &Parts, base: &Url, allowed: &AllowedOrigins) -> bool {
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || allowed.allow_request(&parts.headers) {
        return false;
    }
    let mut sites = parts.headers.get_all(&SEC_FETCH_SITE).iter().peekable();
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
