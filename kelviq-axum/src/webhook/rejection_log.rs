//! Logs rejected deliveries at a bounded rate.

use std::{
    error::Error,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::rejection::{Reason, WebhookRejection};

/// Logs at most [`MAX_LINES`](Self::MAX_LINES) rejections in each [`PERIOD`](Self::PERIOD) for each reason, so that
/// senders of forged deliveries cannot fill the log.
#[derive(Debug, Default)]
pub(super) struct RejectionLog {
    periods: Mutex<[Period; Reason::COUNT]>,
}

/// The lines about one reason since `start`.
#[derive(Clone, Copy, Debug, Default)]
struct Period {
    start: Option<Instant>,
    lines: u32,
    suppressed: u64,
}

/// Maximum length of the delivery's id in a line.
const MAX_ID_LENGTH: usize = 64;

impl RejectionLog {
    const MAX_LINES: u32 = 10;
    const PERIOD: Duration = Duration::from_secs(10);

    pub(super) const fn new() -> Self {
        let period = Period {
            start: None,
            lines: 0,
            suppressed: 0,
        };
        Self {
            periods: Mutex::new([period; Reason::COUNT]),
        }
    }

    /// Logs the rejection of a delivery with this `webhook-id` header, which is not verified.
    pub(super) fn log(&self, rejection: &WebhookRejection, id: Option<&[u8]>) {
        let Some(suppressed) = self.next_line(rejection.reason()) else {
            return;
        };
        let webhook_id = id.map(escape);
        let webhook_id = webhook_id.as_deref();
        let suppressed = (suppressed > 0).then_some(suppressed);
        let status = rejection.status().as_u16();
        if let Some(error) = rejection.source() {
            tracing::warn!(webhook_id, status, suppressed, %error, "webhook delivery rejected");
        } else {
            tracing::warn!(
                webhook_id,
                status,
                suppressed,
                "webhook delivery rejected: {rejection}"
            );
        }
    }

    /// Returns the number of lines that were suppressed since the last line about this reason, or `None` if this line is to
    /// be suppressed too.
    fn next_line(&self, reason: Reason) -> Option<u64> {
        let now = Instant::now();
        // A poisoned lock is still consistent, because no code panics while it holds the lock.
        let mut periods = self.periods.lock().unwrap_or_else(PoisonError::into_inner);
        let period = &mut periods[reason as usize];
        let is_over = period
            .start
            .is_none_or(|start| now.duration_since(start) >= Self::PERIOD);
        if is_over {
            (period.start, period.lines) = (Some(now), 0);
        }
        if period.lines == Self::MAX_LINES {
            period.suppressed += 1;
            return None;
        }
        period.lines += 1;
        Some(std::mem::take(&mut period.suppressed))
    }
}

/// Returns the start of a header's value, without control characters.
fn escape(id: &[u8]) -> String {
    let start = &id[..id.len().min(MAX_ID_LENGTH)];
    start.escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_lines_in_ten_seconds_are_written_for_each_reason() {
        let log = RejectionLog::new();
        let lines = |reason| {
            (0..25)
                .filter_map(|_| log.next_line(reason))
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(Reason::Signature), [0; 10]);
        assert_eq!(lines(Reason::Headers), [0; 10]);
        tokio::time::advance(RejectionLog::PERIOD).await;
        let mut next = [0; 10];
        next[0] = 15;
        assert_eq!(lines(Reason::Signature), next);
    }

    #[test]
    fn an_id_is_logged_without_control_characters_and_up_to_64_bytes() {
        assert_eq!(escape(b"evt_1\nforged \x1b\xff"), r"evt_1\nforged \x1b\xff");
        assert_eq!(escape(&[b'x'; 100]).len(), 64);
    }
}
