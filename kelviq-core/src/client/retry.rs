//! Retry rules: which requests are retried, and after which delay.

use std::time::{Duration, SystemTime};

use reqwest::Method;

use super::connection_problem::is_certificate_rejected;
use crate::{
    error::{Error, ErrorKind},
    plain_decimal::is_plain_decimal,
};

/// Returns the delay before the next attempt, or `None` if a retry could create a second session or cannot succeed.
///
/// Only failed connections, the statuses 429 and 503, and lost connections of a `GET` or `PATCH` request are retried. A repeated
/// `PATCH` sets the same fields again. The caller retries as often as the client is configured to, at most
/// [`MAX_RETRIES`](super::builder::MAX_RETRIES) times.
pub(super) fn retry_delay(error: &Error, method: &Method, attempt: u32) -> Option<Duration> {
    let is_safe = match error.kind() {
        ErrorKind::Connect => !is_certificate_rejected(error),
        ErrorKind::Transport => *method == Method::GET || *method == Method::PATCH,
        _ => matches!(error.status(), Some(429 | 503)),
    };
    // The backoff is the minimum even for `Retry-After: 0`, so that many clients do not retry at the same time.
    is_safe.then(|| {
        error
            .retry_after()
            .unwrap_or_default()
            .max(backoff(attempt))
    })
}

/// Parses a `Retry-After` header: seconds, which some servers send with a fraction, or an HTTP date.
pub(super) fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if is_plain_decimal(value) && !value.starts_with('-') {
        let seconds = value.parse().unwrap_or(f64::MAX);
        // A number that overflows is longer than any timeout, so the largest one is equivalent.
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Exponential backoff with jitter: between half and all of 0.25 s, 0.5 s, 1 s and so on.
fn backoff(attempt: u32) -> Duration {
    let full = Duration::from_millis(250) * 2_u32.saturating_pow(attempt.min(6));
    let mut random = [0; 1];
    // If no random byte is available, the backoff has no jitter.
    let jitter = getrandom::fill(&mut random).map_or(255, |()| u32::from(random[0]));
    full / 2 + full / 2 * jitter / 255
}
