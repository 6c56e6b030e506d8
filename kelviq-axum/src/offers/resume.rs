//! The page on which a buyer goes on to an offer that was chosen before.

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    },
    response::{Html, IntoResponse, Response},
};

use super::offer::QUANTITY;
use crate::error_page::page;

/// A page with one button, which posts the quantities to the page's own path. Opening it sells nothing.
pub(super) fn resume(quantities: &[(String, u32)]) -> Response {
    let fields: Vec<_> = quantities
        .iter()
        .map(|(feature, quantity)| {
            let feature = escape(feature);
            let name = format!("{QUANTITY}[{feature}]");
            format!(
                "<p>{feature}: {quantity}</p>\n<input type=\"hidden\" name=\"{name}\" value=\"{quantity}\">\n"
            )
        })
        .collect();
    let fields = fields.concat();
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ),
    ];
    let form = format!(
        "<form method=\"post\">\n{fields}<button type=\"submit\">Go on to the checkout</button>\n</form>\n"
    );
    (headers, Html(page("Go on to the checkout", &form))).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
