//! Days, as the pages show them.

use serde::{Deserialize, Serialize};

/// A day in UTC. The server formats it, so that it is the same in every browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Day {
    /// For the attribute `datetime`, e.g. `2026-11-26`.
    pub(crate) date: String,
    /// For people, e.g. `26 November 2026`.
    pub(crate) written: String,
}

#[cfg(feature = "ssr")]
impl Day {
    /// Returns the day of a time in RFC 3339. `None` if the text is not a time.
    pub(crate) fn of(time: &str) -> Option<Self> {
        let time: jiff::Timestamp = time.parse().ok()?;
        let date = jiff::tz::Offset::UTC.to_datetime(time).date();
        Some(Self {
            date: date.to_string(),
            written: date.strftime("%-d %B %Y").to_string(),
        })
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_out_in_utc() {
        for (time, written, date) in [
            ("2026-11-26T20:04:30Z", "26 November 2026", "2026-11-26"),
            (
                "2026-01-05T00:00:00.123+00:00",
                "5 January 2026",
                "2026-01-05",
            ),
            ("2026-12-31T23:30:00-05:00", "1 January 2027", "2027-01-01"),
            (
                "2026-03-01T03:00:00+05:30",
                "28 February 2026",
                "2026-02-28",
            ),
        ] {
            let day = Day::of(time).unwrap();
            assert_eq!((day.written.as_str(), day.date.as_str()), (written, date));
        }
        assert_eq!(Day::of("yesterday"), None);
        assert_eq!(Day::of("2026-11-26"), None);
    }
}
