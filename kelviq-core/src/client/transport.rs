//! Sending of requests, with timeouts, retries and size limits.

use std::time::{Duration, Instant};

use reqwest::{
    Client, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use tracing::Instrument;

use super::{
    api_key::ApiKey,
    api_response::ApiResponse,
    connection_problem,
    environment::Environment,
    retry::{parse_retry_after, retry_delay},
    server::{Request, Server},
};
use crate::{
    body_text::decode,
    error::{Error, ErrorKind},
};

/// The HTTP client with its settings.
pub(super) struct Transport {
    pub(super) http: Client,
    pub(super) authorization: HeaderValue,
    pub(super) api_key: ApiKey,
    pub(super) environment: Environment,
    /// The server of the core API.
    pub(super) core: Server,
    /// The server of the entitlements.
    pub(super) edge: Server,
    pub(super) timeout: Duration,
    pub(super) max_retries: u32,
}

const CLIENT: HeaderValue =
    HeaderValue::from_static(concat!("kelviq-rust/", env!("CARGO_PKG_VERSION")));

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Maximum size of the body of a 2xx response.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// Maximum size of the body of any other response.
const MAX_ERROR_BODY: usize = 64 * 1024;

impl Transport {
    /// Sends a request. Any status other than 2xx is an error.
    pub(super) async fn send(&self, request: Request<'_>) -> Result<ApiResponse, Error> {
        let span = tracing::debug_span!(
            "kelviq",
            method = %request.method,
            path = request.logged_path,
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
        );
        self.send_with_retries(request).instrument(span).await
    }

    async fn send_with_retries(&self, request: Request<'_>) -> Result<ApiResponse, Error> {
        let deadline = Instant::now() + self.timeout;
        // Without time left for the response, a retry would only add load.
        let reserve = self.timeout / 4;
        let mut attempt = 0;
        loop {
            let result = self.attempt(&request, deadline).await;
            let attempts = attempt + 1;
            let span = tracing::Span::current();
            span.record("attempts", attempts);
            let error = match result {
                Ok(response) => {
                    span.record("status", response.status);
                    return Ok(ApiResponse {
                        attempts,
                        ..response
                    });
                }
                Err(error) => error,
            };
            if let Some(status) = error.status() {
                span.record("status", status);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match retry_delay(&error, &request.method, attempt) {
                Some(delay)
                    if attempt < self.max_retries && delay < left.saturating_sub(reserve) =>
                {
                    let (kind, status) = (error.kind(), error.status());
                    tracing::debug!(?delay, ?kind, status, "retrying the request");
                    tokio::time::sleep(delay).await;
                    attempt = attempts;
                }
                _ => return Err(error.with_attempts(attempts)),
            }
        }
    }

    async fn attempt(
        &self,
        request: &Request<'_>,
        deadline: Instant,
    ) -> Result<ApiResponse, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone())
            .timeout(left)
            .header(USER_AGENT, CLIENT)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, JSON);
        if let Some(json) = &request.json {
            builder = builder.header(CONTENT_TYPE, JSON).body(json.clone());
        }
        let response = builder
            .send()
            .await
            .map_err(|error| self.transport_error(request.server, None, error))?;
        let response = self.read(request.server, response).await?;
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(response.into_error(&self.api_key, &request.server.key_issuer))
        }
    }

    /// Reads the body of a response, up to the size limit.
    async fn read(&self, server: &Server, mut response: Response) -> Result<ApiResponse, Error> {
        let header = |name| response.headers().get(name)?.to_str().ok();
        let is_html = header(CONTENT_TYPE).is_some_and(|value| {
            let mut words = value.as_bytes().windows(4);
            words.any(|word| word.eq_ignore_ascii_case(b"html"))
        });
        let retry_after = header(RETRY_AFTER).and_then(parse_retry_after);
        let status = response.status().as_u16();
        let is_success = response.status().is_success();
        let limit = if is_success { MAX_BODY } else { MAX_ERROR_BODY };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= limit => {
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                // The status of an error response is reported even if its body is too large or incomplete.
                _ if !is_success => {
                    body.clear();
                    break;
                }
                Ok(Some(_)) => {
                    let message = format!(
                        "{} returned {status}, but the body exceeds {limit} bytes",
                        server.host
                    );
                    return Err(
                        Error::new(ErrorKind::UnexpectedResponse, message).with_status(status)
                    );
                }
                Err(error) => return Err(self.transport_error(server, Some(status), error)),
            }
        }
        Ok(ApiResponse {
            host: server.host.clone(),
            status,
            retry_after,
            attempts: 1,
            is_html,
            body: decode(&body).into_owned(),
        })
    }

    /// Converts an error of reqwest. `status` is that of a response whose body was not received.
    fn transport_error(
        &self,
        server: &Server,
        status: Option<u16>,
        error: reqwest::Error,
    ) -> Error {
        let host = &server.host;
        let reason = connection_problem::reason(&error);
        let (kind, message) = if error.is_connect() {
            (
                ErrorKind::Connect,
                format!("cannot connect to {host}: {reason}; the request was not sent"),
            )
        } else if error.is_timeout() {
            let seconds = self.timeout.as_secs_f32();
            let message = match status {
                Some(_) => format!("the response of {host} was incomplete after {seconds} s"),
                None => format!("no response from {host} within {seconds} s"),
            };
            (ErrorKind::Timeout, message)
        } else if connection_problem::is_malformed_response(&error) {
            (
                ErrorKind::UnexpectedResponse,
                format!("the response of {host} is not valid HTTP; check the base URL"),
            )
        } else {
            (
                ErrorKind::Transport,
                format!(
                    "the connection to {host} was lost before the response was complete: {reason}"
                ),
            )
        };
        let error = Error::new(kind, message).with_source(error.without_url());
        match status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}
