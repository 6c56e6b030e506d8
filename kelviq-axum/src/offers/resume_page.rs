//! The page on which a buyer continues to the checkout after signing in.

use axum::response::Response;

use super::{requested_quantities::field_name, sold_quantities::SoldQuantities};
use crate::response::page::page;

/// Returns a page with one button, which posts the quantities to the page's own path. Opening the page does not start a
/// checkout.
pub(super) fn resume_page(quantities: &SoldQuantities) -> Response {
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
        "<form method=\"post\">\n{fields}<button type=\"submit\">Continue to checkout</button>\n</form>\n"
    );
    page("Continue to checkout", &form)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
