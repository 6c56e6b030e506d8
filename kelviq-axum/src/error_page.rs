//! The answer to a buyer when something did not work: a page, or JSON for a script that accepts it.

use std::time::Duration;

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use crate::Reference;

/// Fixed texts only: nothing of a request or of an answer from upstream is shown.
pub(crate) struct ErrorPage<'a> {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) sentence: &'static str,
    pub(crate) reference: Option<&'a Reference>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) wants_json: bool,
}

impl ErrorPage<'_> {
    fn html(&self) -> String {
        let Self {
            title, sentence, ..
        } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!("<p><small>Reference: <code>{reference}</code></small></p>\n")
        });
        page(
            title,
            &format!(
                "<p role=\"alert\">{sentence}</p>\n{reference}<p><a href=\"/\">Back to the shop</a></p>\n"
            ),
        )
    }
}

/// A buyer is not told to wait for longer, whatever was asked for.
const HOUR: u64 = 60 * 60;

/// A page of its own, without scripts or anything from elsewhere. `content` is HTML.
pub(crate) fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n<h1>{title}</h1>\n{content}</main>\n</html>\n"
    )
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0}\
    main{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem}a{color:inherit}\
    button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}code{overflow-wrap:anywhere}";

impl IntoResponse for ErrorPage<'_> {
    fn into_response(self) -> Response {
        let mut response = if self.wants_json {
            Json(json!({
                "error": self.code,
                "message": self.sentence,
                "reference": self.reference,
            }))
            .into_response()
        } else {
            let policy = HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            );
            ([(CONTENT_SECURITY_POLICY, policy)], Html(self.html())).into_response()
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
