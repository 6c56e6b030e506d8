//! Who buys: whoever has the cookie. There are no accounts in this shop.

use axum::{
    extract::{FromRequestParts, Request},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{COOKIE, SET_COOKIE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kelviq_axum::{Buyer, Sale};
use kelviq_core::ToMetadata;
use sha2::{Digest, Sha256};

use super::orders::OrderMetadata;
use crate::plan::{Plan, SEATS};

const NAME: &str = "visitor";
const A_YEAR: u32 = 365 * 24 * 60 * 60;

/// A visitor, known by nothing but a cookie.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    customer_id: String,
}

impl Visitor {
    /// The customer id is a hash: whoever sees it, at Kelviq or on a page, cannot make the cookie of it.
    fn with_token(token: &str) -> Self {
        let hash = hex::encode(Sha256::digest(format!("storefront visitor {token}")));
        Self {
            customer_id: format!("visitor-{}", &hash[..32]),
        }
    }

    pub(crate) fn customer_id(&self) -> &str {
        &self.customer_id
    }
}

impl Buyer for Visitor {
    fn customer_id(&self) -> Option<&str> {
        Some(&self.customer_id)
    }

    fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
        Plan::of_offer(sale.offer()).map(|plan| OrderMetadata {
            order_ref: sale.reference().clone(),
            plan,
            customer_id: self.customer_id.clone(),
            seats: sale.quantity(SEATS),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let visitor = parts.extensions.get().cloned();
        visitor.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Tells the handlers behind it who the visitor is, and gives a cookie to those who have none and see a page or start a
/// checkout.
///
/// A request that another site made comes without the cookie, since that is `SameSite=Lax`. If the answer set a new
/// one, any site could take the visitor's orders away.
pub(super) async fn recognise(https: bool, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers()) {
        let visitor = Visitor::with_token(token);
        request.extensions_mut().insert(visitor);
        return next.run(request).await;
    }
    let Some((token, cookie)) = new_cookie(https) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let is_own = is_own(request.headers());
    request.extensions_mut().insert(Visitor::with_token(&token));
    let mut response = next.run(request).await;
    let status = response.status();
    if is_own && (status.is_success() || status.is_redirection()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Whether the request was made from the shop's own pages, from the address bar, or by a client that does not say.
fn is_own(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        // As bytes: other programs' cookies need not be text.
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|cookie| cookie.trim_ascii().strip_prefix(NAME.as_bytes()))
        .filter_map(|rest| str::from_utf8(rest.strip_prefix(b"=")?).ok())
        .find(|token| is_token(token))
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// 128 random bits, and the cookie that holds them.
fn new_cookie(https: bool) -> Option<(String, HeaderValue)> {
    let mut bits = [0; 16];
    if let Err(error) = getrandom::fill(&mut bits) {
        tracing::error!(%error, "no randomness from the operating system");
        return None;
    }
    let token = hex::encode(bits);
    let secure = if https { "; Secure" } else { "" };
    // Lax: the cookie has to come along when Kelviq sends the buyer back.
    let cookie =
        format!("{NAME}={token}; Path=/; Max-Age={A_YEAR}; HttpOnly; SameSite=Lax{secure}");
    let cookie = HeaderValue::try_from(cookie).ok()?;
    Some((token, cookie))
}
