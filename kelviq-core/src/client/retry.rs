//! When a request may be sent again, and how long to wait before.

use std::time::{Duration, SystemTime};

use crate::{Error, ErrorKind};

/// The pause before the next try; `None` when another try could create a second session.
pub(super) fn pause(error: &Error, attempt: u32) -> Option<Duration> {
    let safe = error.kind() == ErrorKind::Connect || matches!(error.status(), Some(429 | 503));
    // A broken body behind a 429 or 503 is still a 429 or 503.
    safe.then(|| error.retry_after().unwrap_or_else(|| backoff(attempt)))
}

/// Reads `Retry-After`: seconds, or an HTTP date.
pub(super) fn after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// 0.25 s, 0.5 s, 1 s …, each between half and all of it, so that many clients do not come back together.
fn backoff(attempt: u32) -> Duration {
    let full = Duration::from_millis(250) * 2_u32.saturating_pow(attempt.min(6));
    let mut random = [0; 1];
    // Without randomness the pause is merely not spread.
    let spread = getrandom::fill(&mut random).map_or(255, |()| u32::from(random[0]));
    full / 2 + full / 2 * spread / 255
}
