//! When a request may be sent again, and how long to wait before.

use std::time::{Duration, SystemTime};

use crate::{Error, ErrorKind};

/// The pause before the next try; `None` when another try could create a second session.
pub(super) fn pause(error: &Error, attempt: u32) -> Option<Duration> {
    let safe = error.kind() == ErrorKind::Connect || matches!(error.status(), Some(429 | 503));
    // Also where Kelviq asks for no time at all, many clients must not come back at once.
    safe.then(|| {
        error
            .retry_after()
            .unwrap_or_default()
            .max(backoff(attempt))
    })
}

/// Reads `Retry-After`: seconds, or an HTTP date.
pub(super) fn after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit stand for a time that nobody waits for.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
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
