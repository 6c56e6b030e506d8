//! Timestamps in the same format as Kelviq's.

use std::time::SystemTime;

use jiff::{Timestamp, civil::Date, tz::Offset};

/// Formats a time in UTC, truncated to seconds, as events have it: `2026-04-01T17:28:39Z`.
pub(super) fn rfc3339(time: SystemTime) -> String {
    // The conversion fails only for years beyond 9999.
    format!("{:.0}", Timestamp::try_from(time).unwrap_or_default())
}

/// Formats a time in UTC with microseconds, as most responses of the API have it: `2026-04-01T17:28:39.195790Z`.
pub(super) fn rfc3339_micros(time: SystemTime) -> String {
    format!("{:.6}", Timestamp::try_from(time).unwrap_or_default())
}

/// Formats a time in UTC without a time zone, as entitlements have it: `2026-04-01 17:28:39`.
pub(super) fn without_zone(time: SystemTime) -> String {
    rfc3339(time).trim_end_matches('Z').replace('T', " ")
}

/// Returns the day in UTC.
pub(super) fn date_of(time: SystemTime) -> Date {
    let time = Timestamp::try_from(time).unwrap_or_default();
    Offset::UTC.to_datetime(time).date()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_772_323_199, "2026-02-28T23:59:59Z"),
            (1_772_323_200, "2026-03-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(rfc3339(time), text);
            let end = time + Duration::from_nanos(999_999_999);
            assert_eq!(rfc3339(end), text);
            assert_eq!(without_zone(end), text.replace('T', " ").replace('Z', ""));
            assert_eq!(date_of(end).to_string(), text[..10]);
            assert_eq!(rfc3339_micros(end), text.replace('Z', ".999999Z"));
        }
    }
}
