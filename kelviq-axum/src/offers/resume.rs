//! The page on which a buyer goes on to an offer that was chosen before.

use axum::response::Response;

use super::offer::field_name;
use crate::page::page;

/// A page with one button, which posts the quantities to the page's own path. Opening it sells nothing.
pub(super) fn resume(quantities: &[(String, u32)]) -> Response {
    let fields: Vec<_> = quantities
        .iter()
        .map(|(feature, quantity)| {
            let name = escape(&field_name(feature));
            let feature = escape(feature);
            format!(
                "<p>{feature}: {quantity}</p>\n<input type=\"hidden\" name=\"{name}\" value=\"{quantity}\">\n"
            )
        })
        .collect();
    let fields = fields.concat();
    let form = format!(
        "<form method=\"post\">\n{fields}<button type=\"submit\">Go on to the checkout</button>\n</form>\n"
    );
    page("Go on to the checkout", &form)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
