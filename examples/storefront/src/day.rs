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
