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
    /// Returns the day of a time in RFC 3339, or of a date. `None` if the text is neither.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let date = match text.parse::<jiff::Timestamp>() {
            Ok(time) => jiff::tz::Offset::UTC.to_datetime(time).date(),
            Err(_) => text.parse().ok()?,
        };
        Some(Self {
            date: date.to_string(),
            written: date.strftime("%-d %B %Y").to_string(),
        })
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_a_time_in_utc_or_of_a_date() {
        for (text, date, written) in [
            ("2026-11-26", "2026-11-26", "26 November 2026"),
            (" 2026-12-01 ", "2026-12-01", "1 December 2026"),
            ("2026-12-31T23:59:59Z", "2026-12-31", "31 December 2026"),
            ("2026-12-31T23:59:59-05:00", "2027-01-01", "1 January 2027"),
        ] {
            let (date, written) = (date.to_owned(), written.to_owned());
            assert_eq!(Day::of(text), Some(Day { date, written }), "{text}");
        }
        for text in ["", "tomorrow", "2026-02-30", "26 November 2026"] {
            assert_eq!(Day::of(text), None, "{text}");
        }
    }
}
