//! Times as the stores keep them: milliseconds since the Unix epoch.

use std::time::{Duration, SystemTime};

pub(super) fn to_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

pub(super) fn from_ms(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

pub(super) fn to_unix_ms(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, to_ms)
}

pub(super) fn from_unix_ms(ms: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + from_ms(ms)
}
