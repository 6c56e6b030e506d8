//! The times in Kelviq's lists.

use std::time::{Duration, SystemTime};

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// Returns the day before a time, `YYYY-MM-DD`. A list that starts there contains everything since that time, whatever the time
/// zone of Kelviq's dates, which is not documented.
pub(super) fn day_before(time: SystemTime) -> String {
    let day_before = time - Duration::from_secs(24 * 60 * 60);
    let timestamp = Timestamp::try_from(day_before).unwrap_or_default();
    timestamp.strftime("%Y-%m-%d").to_string()
}

/// Returns `true` if a time is certainly before another time: an event too many is detected by its id, an event too few is
/// lost. A time without a fraction can be truncated.
pub(super) fn is_before(time: &str, other: SystemTime) -> bool {
    let precision = Duration::from_secs(u64::from(!time.contains('.')));
    parse_time(time).is_some_and(|time| time + precision <= other)
}

/// Parses a time in RFC 3339 format, or without a time zone, which is then UTC.
pub(super) fn parse_time(text: &str) -> Option<SystemTime> {
    let timestamp = text
        .parse::<Timestamp>()
        .or_else(|_| Offset::UTC.to_timestamp(text.parse::<DateTime>()?));
    let ms = u64::try_from(timestamp.ok()?.as_millisecond()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_millis(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_rounded_down_is_not_before_its_own_second() {
        let other = SystemTime::UNIX_EPOCH + Duration::from_millis(5_900);
        assert!(is_before("1970-01-01T00:00:04Z", other));
        assert!(!is_before("1970-01-01T00:00:05Z", other));
        assert!(!is_before("soon", other));
        assert!(is_before("1970-01-01 00:00:04", other));
        assert!(!is_before("1970-01-01 00:00:06.5", other));
    }
}
