//! Dates in the filters of lists.

use std::fmt::Display;

use jiff::{Timestamp, civil::Date};

use crate::error::{Error, ErrorKind, FieldError};

/// The first and the last day of a list, as the caller gave them.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateFilter {
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
}

impl DateFilter {
    pub(crate) fn set_start(&mut self, date: impl Display) {
        self.start = Some(date.to_string());
    }

    pub(crate) fn set_end(&mut self, date: impl Display) {
        self.end = Some(date.to_string());
    }

    /// Returns the query parameters, `start_date` and `end_date`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidRequest`] if one of the two is neither a date nor a time.
    pub(crate) fn into_query(self) -> Result<Vec<(&'static str, String)>, Error> {
        let mut query = Vec::new();
        let mut errors = Vec::new();
        for (name, text) in [("start_date", self.start), ("end_date", self.end)] {
            let Some(text) = text else { continue };
            match day(text.trim()) {
                Some(day) => query.push((name, day.to_string())),
                None => errors.push(FieldError::new(
                    name,
                    "expected a date such as 2026-11-16, or a time in RFC 3339 format",
                )),
            }
        }
        if errors.is_empty() {
            return Ok(query);
        }
        let error = Error::new(
            ErrorKind::InvalidRequest,
            "the filters of the list are invalid",
        );
        Err(error.with_field_errors(errors))
    }
}

/// Reads a date, or a time with an offset, whose UTC day counts. The offset can be in the form in which chrono displays it:
/// ` UTC` or ` +01:00`.
fn day(text: &str) -> Option<Date> {
    // jiff also reads a date from the start of a time without an offset.
    if text.len() == "YYYY-MM-DD".len() {
        return text.parse().ok();
    }
    let text = match text.rsplit_once(' ') {
        Some((time, "UTC")) => format!("{time}Z"),
        Some((time, offset))
            if offset.len() == "+HH:MM".len() && offset.starts_with(['+', '-']) =>
        {
            format!("{time}{offset}")
        }
        _ => text.to_owned(),
    };
    let time: Timestamp = text.parse().ok()?;
    jiff::tz::Offset::UTC.to_datetime(time).date().into()
}
