//! The error response to a buyer: a page, JSON for a script, or a fragment for htmx.

use std::time::Duration;

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONNECTION, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::layout::page;
use crate::{reference::Reference, request::response_format::ResponseFormat};

/// An error response. All texts are fixed, and the link is from the settings, so that no part of a request or of Kelviq's response is shown.
pub(crate) struct ErrorPage<'a> {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    pub(crate) reference: Option<&'a Reference>,
    pub(crate) retry_after: Option<Duration>,
    /// Whether the response has `Allow: POST`.
    pub(crate) allow_post: bool,
    pub(crate) format: ResponseFormat,
    /// The path of the shop's home page.
    pub(crate) home: &'a str,
}

/// Maximum of `Retry-After`, in seconds.
const MAX_RETRY_AFTER: u64 = 60 * 60;

impl ErrorPage<'_> {
    fn html(&self) -> Response {
        let Self { title, message, .. } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!("<p><small>Reference: <code>{reference}</code></small></p>\n")
        });
        page(
            title,
            &format!("<p role=\"alert\">{message}</p>\n{reference}"),
            self.home,
        )
    }

    fn fragment(&self) -> Response {
        let Self { message, .. } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!(" <small>Reference: <code>{reference}</code></small>")
        });
        Html(format!("<p role=\"alert\">{message}{reference}</p>\n")).into_response()
    }

    fn json(&self) -> Response {
        Json(json!({
            "error": self.code,
            "message": self.message,
            "reference": self.reference,
        }))
        .into_response()
    }
}

impl IntoResponse for ErrorPage<'_> {
    fn into_response(self) -> Response {
        let mut response = match self.format {
            ResponseFormat::Html => self.html(),
            ResponseFormat::Json => self.json(),
            ResponseFormat::Htmx => self.fragment(),
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::PAYLOAD_TOO_LARGE {
            // The rest of the request body is not read to its end.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if self.allow_post {
            headers.insert(ALLOW, HeaderValue::from_static("POST"));
        }
        if let Some(retry_after) = self.retry_after {
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(retry_after.as_secs().clamp(1, MAX_RETRY_AFTER)),
            );
        }
        response
    }
}
