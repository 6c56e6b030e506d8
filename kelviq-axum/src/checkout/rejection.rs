//! The answer to a buyer whose checkout did not start.

use std::{error::Error, fmt, time::Duration};

use axum::{
    Json,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::CheckoutProblem;

/// A checkout that did not start, as a page for the buyer, or as JSON for a script that accepts it.
///
/// It holds fixed sentences only: the reason is in the log, beside the same reference.
#[derive(Clone, Debug)]
pub struct CheckoutRejection {
    problem: CheckoutProblem,
    reference: Option<String>,
    retry_after: Option<Duration>,
    wants_json: bool,
}

impl CheckoutRejection {
    pub(crate) fn new(problem: CheckoutProblem, wants_json: bool) -> Self {
        Self {
            problem,
            reference: None,
            retry_after: None,
            wants_json,
        }
    }

    pub(crate) fn with_reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }

    pub(super) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// What went wrong, to answer with a page of your own.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// The checkout's reference, which is in the log too.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    fn page(&self) -> String {
        let sentence = self.problem.sentence();
        // The reference is hex that the server made; nothing of the request is on the page.
        let reference = self
            .reference
            .as_ref()
            .map_or_else(String::new, |reference| {
                format!("<p><small>Reference: <code>{reference}</code></small></p>\n")
            });
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Checkout not started</title>\n<style>{STYLE}</style>\n\
             <main>\n<h1>Checkout not started</h1>\n<p role=\"alert\">{sentence}</p>\n\
             {reference}<p><a href=\"/\">Back to the shop</a></p>\n</main>\n</html>\n"
        )
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0}\
    main{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem}a{color:inherit}";

impl IntoResponse for CheckoutRejection {
    fn into_response(self) -> Response {
        let mut response = if self.wants_json {
            Json(json!({
                "error": self.problem.code(),
                "message": self.problem.sentence(),
                "reference": self.reference,
            }))
            .into_response()
        } else {
            let mut page = Html(self.page()).into_response();
            page.headers_mut().insert(
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
            );
            page
        };
        *response.status_mut() = self.problem.status();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(retry_after) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
        }
        response
    }
}

impl fmt::Display for CheckoutRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.sentence())
    }
}

impl Error for CheckoutRejection {}
