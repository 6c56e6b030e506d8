//! The one place that sends.

use std::time::{Duration, Instant};

use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use tracing::Instrument;
use url::Url;

use super::{ApiKey, Environment, answer::Answer, retry};
use crate::{Error, ErrorKind, FieldError};

pub(super) struct Transport {
    pub(super) http: Client,
    pub(super) authorization: HeaderValue,
    pub(super) api_key: ApiKey,
    /// The environment that `base_url` belongs to; `None` when the address was given.
    pub(super) environment: Option<Environment>,
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

impl Transport {
    pub(super) fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Sends a request; anything but a 2xx answer is an error.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, Error> {
        let span = tracing::debug_span!(
            "kelviq",
            method = %request.method,
            path = request.url.path(),
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
        );
        self.send_with_retries(request).instrument(span).await
    }

    async fn send_with_retries(&self, request: Request) -> Result<Answer, Error> {
        let deadline = Instant::now() + self.timeout;
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
                Some(pause) if attempt < self.max_retries && pause < left => {
                    tracing::debug!(?pause, %error, "asking Kelviq again");
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, request: &Request, deadline: Instant) -> Result<Answer, Error> {
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
            Err(answer.into_error(&self.api_key, self.environment))
        }
    }

    /// A request for the path of these segments, each escaped, below the base URL.
    pub(super) fn request(&self, method: Method, path: &[&str]) -> Result<Request, Error> {
        let mut url = self.base_url.clone();
        // Dots would leave the path, and an empty segment would ask for something else.
        let misread = |segment: &&str| matches!(*segment, "" | "." | "..");
        match url.path_segments_mut() {
            Ok(mut segments) if !path.iter().any(misread) => {
                // The base URL's path and every path of the API end with a slash.
                segments.pop_if_empty().extend(path).push("");
            }
            _ => {
                let field = FieldError::new("id", "expected an id as Kelviq gave it");
                return Err(Error::new(
                    ErrorKind::InvalidRequest,
                    "the id does not hold, nothing was sent",
                )
                .with_field_errors(vec![field]));
            }
        }
        Ok(Request {
            method,
            url,
            json: None,
        })
    }

    async fn read(&self, mut response: Response) -> Result<Answer, Error> {
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let content_type = header(CONTENT_TYPE);
        let retry_after = header(RETRY_AFTER).and_then(|value| retry::after(&value));
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport_error(error).with_status(status))?
        {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Error::new(
                    ErrorKind::UnexpectedResponse,
                    format!(
                        "{} answered {status} with more than {MAX_ANSWER} bytes",
                        self.host()
                    ),
                )
                .with_status(status));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            host: self.host(),
            status,
            retry_after,
            is_html: content_type.is_some_and(|value| value.starts_with("text/html")),
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
