//! The one place that sends.

use std::time::{Duration, Instant};

use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use tracing::Instrument;
use url::Url;

use super::{ApiKey, api_response::ApiResponse, retry};
use crate::{Error, ErrorKind, FieldError};

pub(super) struct Transport {
    pub(super) http: Client,
    pub(super) authorization: HeaderValue,
    pub(super) api_key: ApiKey,
    /// Whose key is expected, in words.
    pub(super) asked: String,
    pub(super) base_url: Url,
    pub(super) timeout: Duration,
    pub(super) max_retries: u32,
}

/// One call of the API.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) json: Option<String>,
}

/// More than any documented answer has, so that a broken upstream cannot fill the memory.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
const MAX_ERROR: usize = 64 * 1024;

impl Transport {
    /// Sends a request; anything but a 2xx answer is an error.
    pub(super) async fn send(&self, request: Request) -> Result<ApiResponse, Error> {
        let span = tracing::debug_span!(
            "kelviq",
            method = %request.method,
            path = request.url.path(),
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
        );
        self.send_with_retries(request).instrument(span).await
    }

    async fn send_with_retries(&self, request: Request) -> Result<ApiResponse, Error> {
        let deadline = Instant::now() + self.timeout;
        let reserve = self.timeout / 4;
        let mut attempt = 0;
        loop {
            let result = self.attempt(&request, deadline).await;
            let span = tracing::Span::current();
            span.record("attempts", attempt + 1);
            let error = match result {
                Ok(answer) => {
                    span.record("status", answer.status);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            if let Some(status) = error.status() {
                span.record("status", status);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match retry::pause(&error, attempt) {
                Some(pause)
                    if attempt < self.max_retries && pause < left.saturating_sub(reserve) =>
                {
                    let (kind, status) = (error.kind(), error.status());
                    tracing::debug!(?pause, ?kind, status, "asking Kelviq again");
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, request: &Request, deadline: Instant) -> Result<ApiResponse, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone())
            .timeout(left)
            .header(
                USER_AGENT,
                concat!("kelviq-rust/", env!("CARGO_PKG_VERSION")),
            )
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json");
        if let Some(json) = &request.json {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .body(json.clone());
        }
        let response = builder
            .send()
            .await
            .map_err(|error| self.transport_error(error))?;
        let answer = self.read(response).await?;
        if (200..300).contains(&answer.status) {
            Ok(answer)
        } else {
            Err(answer.into_error(&self.api_key, &self.asked))
        }
    }

    /// A request for the path of these segments below the base URL. What is not an id in them is refused: it could lead
    /// to another path.
    pub(super) fn request(&self, method: Method, path: &[&str]) -> Result<Request, Error> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let mut url = self.base_url.clone();
        for segment in path {
            if segment.is_empty() || !segment.bytes().all(is_id) {
                let field = FieldError::new("id", "expected an id as Kelviq gave it, such as cs_…");
                let message = "the request does not hold, nothing was sent";
                return Err(
                    Error::new(ErrorKind::InvalidRequest, message).with_field_errors(vec![field])
                );
            }
        }
        // The base URL's path ends with a slash, and so does every path of the API.
        url.set_path(&format!("{}{}/", url.path(), path.join("/")));
        Ok(Request {
            method,
            url,
            json: None,
        })
    }

    async fn read(&self, mut response: Response) -> Result<ApiResponse, Error> {
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let content_type = header(CONTENT_TYPE);
        let retry_after = header(RETRY_AFTER).and_then(|value| retry::after(&value));
        let status = response.status().as_u16();
        let is_success = response.status().is_success();
        let limit = if is_success { MAX_ANSWER } else { MAX_ERROR };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= limit => {
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                // Whatever its body, an error is the error that its status says.
                _ if !is_success => {
                    body.clear();
                    break;
                }
                Ok(Some(_)) => {
                    let message = format!(
                        "{} answered {status} with more than {limit} bytes",
                        self.host()
                    );
                    return Err(
                        Error::new(ErrorKind::UnexpectedResponse, message).with_status(status)
                    );
                }
                Err(error) => return Err(self.transport_error(error).with_status(status)),
            }
        }
        Ok(ApiResponse {
            host: self.host(),
            status,
            retry_after,
            is_html: content_type.is_some_and(|value| value.to_ascii_lowercase().contains("html")),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn transport_error(&self, error: reqwest::Error) -> Error {
        let host = self.host();
        let (kind, message) = if error.is_connect() {
            (
                ErrorKind::Connect,
                format!("no connection to {host}; nothing was sent"),
            )
        } else if error.is_timeout() {
            let seconds = self.timeout.as_secs_f32();
            (
                ErrorKind::Timeout,
                format!("no answer from {host} within {seconds} s"),
            )
        } else {
            (
                ErrorKind::Transport,
                format!("the connection to {host} broke before the answer was complete"),
            )
        };
        Error::new(kind, message).with_source(error.without_url())
    }

    fn host(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        match self.base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}
