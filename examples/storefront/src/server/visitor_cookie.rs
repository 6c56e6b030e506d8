//! The middleware that identifies visitors by a cookie.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::visitor::Visitor;

const COOKIE_NAME: &str = "visitor";
/// The `Set-Cookie` header that removes the cookie.
pub(super) const REMOVAL: &str = "visitor=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
const MAX_AGE_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Adds the [`Visitor`] to the request's extensions. Sets the cookie if the request has none and succeeds.
///
/// The cookie is `SameSite=Lax`, so form posts from other sites do not include it. Their responses must not set a new
/// cookie: it would replace the visitor's own one, and with it the access to the orders.
pub(super) async fn identify_visitor(https: bool, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers()) {
        let visitor = Visitor::from_token(token);
        request.extensions_mut().insert(visitor);
        return next.run(request).await;
    }
    let Some((token, cookie)) = new_cookie(https) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let is_same_origin = is_same_origin(request.headers());
    request.extensions_mut().insert(Visitor::from_token(&token));
    let mut response = next.run(request).await;
    let status = response.status();
    if is_same_origin && (status.is_success() || status.is_redirection()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Whether a form was sent by one of the shop's own pages, which have set the cookie. Browsers do not send the cookie with a
/// form of another site.
pub(super) fn is_own_form(headers: &HeaderMap) -> bool {
    token(headers).is_some() && is_same_origin(headers)
}

/// Whether the request comes from the shop's own pages or the address bar. Requests without the header are accepted.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        // As bytes, because cookies set by other applications may not be valid text.
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|cookie| cookie.trim_ascii().strip_prefix(COOKIE_NAME.as_bytes()))
        .filter_map(|rest| str::from_utf8(rest.strip_prefix(b"=")?).ok())
        .find(|token| is_token(token))
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Generates a token of 128 random bits and the `Set-Cookie` header for it.
fn new_cookie(https: bool) -> Option<(String, HeaderValue)> {
    let mut bits = [0; 16];
    if let Err(error) = getrandom::fill(&mut bits) {
        tracing::error!(%error, "cannot read random bytes from the operating system");
        return None;
    }
    let token = hex::encode(bits);
    let secure = if https { "; Secure" } else { "" };
    // `Lax` rather than `Strict`, so that the cookie is sent when Kelviq redirects the buyer back.
    let cookie = format!(
        "{COOKIE_NAME}={token}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{secure}"
    );
    let cookie = HeaderValue::try_from(cookie).ok()?;
    Some((token, cookie))
}
