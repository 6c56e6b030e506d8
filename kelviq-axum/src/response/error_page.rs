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

use super::layout::{escape, page};
use crate::{reference::Reference, request::response_format::ResponseFormat};

/// An error response. All texts are fixed, and the links are from the settings, so that no part of a request or of Kelviq's
/// response is shown.
pub(crate) struct ErrorPage<'a> {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    pub(crate) reference: Option<&'a Reference>,
    /// The URL of the customer portal, if the page links to it.
    pub(crate) portal_url: Option<&'a str>,
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
        let portal = self.portal_link();
        let portal = portal.map_or_else(String::new, |link| format!("<p>{link}</p>\n"));
        page(
            title,
            &format!("<p role=\"alert\">{message}</p>\n{portal}{reference}"),
            self.home,
        )
    }

    fn fragment(&self) -> Response {
        let Self { message, .. } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!(" <small>Reference: <code>{reference}</code></small>")
        });
        let portal = self.portal_link();
        let portal = portal.map_or_else(String::new, |link| format!(" {link}"));
        let html = format!("<p role=\"alert\">{message}{portal}{reference}</p>\n");
        Html(html).into_response()
    }

    fn portal_link(&self) -> Option<String> {
        let url = escape(self.portal_url?);
        Some(format!("<a href=\"{url}\">Manage your subscription</a>"))
    }

    fn json(&self) -> Response {
        let mut body = json!({
            "error": self.code,
            "message": self.message,
            "reference": self.reference,
        });
        if let Some(url) = self.portal_url {
            body["portalUrl"] = url.into();
        }
        Json(body).into_response()
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
