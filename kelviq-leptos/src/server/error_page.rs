//! The error page for a browser without JavaScript, if `CheckoutLayer` is missing.

use axum::http::{HeaderValue, header::CONTENT_TYPE, request::Parts};
use kelviq_axum::ResponseFormat;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::context::LayerContext;
use crate::checkout_error::CheckoutError;

/// Returns the response body for an error. Without the layer, nothing converts it into a redirect to the form's page, so
/// a browser gets a page.
pub(crate) fn error_body(error: &CheckoutError) -> String {
    let is_page = use_context::<Parts>().is_some_and(|parts| {
        parts.extensions.get::<LayerContext>().is_none()
            && ResponseFormat::of(&parts) == ResponseFormat::Html
    });
    let Some(response) = use_context::<ResponseOptions>().filter(|_| is_page) else {
        return error.to_body();
    };
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.insert_header(CONTENT_TYPE, html);
    // All texts are fixed.
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>This did not work</title>\n<h1>This did not work</h1>\n\
         <p role=\"alert\">{}</p>\n<p><a href=\"/\">Back to the shop</a></p>\n</html>\n",
        error.problem().message()
    )
}
