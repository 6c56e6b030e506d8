//! The page on which a buyer continues to the checkout after signing in.

use axum::response::Response;

use super::choice::{Choice, quantity_field};
use crate::response::page::page;

/// Returns a page with one button, which posts the choice to the page's own path. Opening the page does not start a
/// checkout.
pub(super) fn resume_page(choice: &Choice) -> Response {
    let quantities = choice.quantities.iter();
    let quantities = quantities
        .map(|(feature, quantity)| {
            let name = escape(&quantity_field(feature));
            let feature = escape(feature);
            format!(
                "<p>{feature}: {quantity}</p>\n<input type=\"hidden\" name=\"{name}\" value=\"{quantity}\">\n"
            )
        });
    let texts = choice.texts.iter().map(|(name, text)| {
        let (name, text) = (escape(name), escape(text));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{text}\">\n")
    });
    let fields: String = quantities.chain(texts).collect();
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
