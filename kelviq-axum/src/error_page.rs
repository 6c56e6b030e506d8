//! The answer to a buyer when something did not work: a page, or JSON for a script that accepts it.

use std::time::Duration;

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{Reference, page::page};

/// Fixed texts only: nothing of a request or of an answer from upstream is shown.
pub(crate) struct ErrorPage<'a> {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    pub(crate) reference: Option<&'a Reference>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) wants_json: bool,
}

impl ErrorPage<'_> {
    fn page(&self) -> Response {
        let Self { title, message, .. } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!("<p><small>Reference: <code>{reference}</code></small></p>\n")
        });
        page(
            title,
            &format!(
                "<p role=\"alert\">{message}</p>\n{reference}<p><a href=\"/\">Back to the shop</a></p>\n"
            ),
        )
    }
}

/// A buyer is not told to wait for longer, whatever was asked for.
const HOUR: u64 = 60 * 60;

impl IntoResponse for ErrorPage<'_> {
    fn into_response(self) -> Response {
        let mut response = if self.wants_json {
            Json(json!({
                "error": self.code,
                "message": self.message,
                "reference": self.reference,
            }))
            .into_response()
        } else {
            self.page()
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(retry_after) = self.retry_after {
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(retry_after.as_secs().clamp(1, HOUR)),
            );
        }
        response
    }
}
