//! Dates and times kept as text.

use std::{fmt, ops::Deref};

use serde::Deserializer;

use crate::json::Lenient;

/// A date or a time, kept as its original text, e.g. `2026-04-01T07:05:56Z`.
///
/// It dereferences to `str`, so `parse` converts it into any type that reads such a text with [`FromStr`](std::str::FromStr):
/// `jiff::Timestamp` or `chrono::DateTime<Utc>` for a time, `jiff::civil::Date` or `chrono::NaiveDate` for a day. The crate
/// `time` has a function of its own: `OffsetDateTime::parse(&time, &Rfc3339)`.
///
/// Equality compares the text. [`VerifiedEvent::is_older_than`](crate::VerifiedEvent::is_older_than) compares instants.
///
/// ```
/// use kelviq_core::Subscription;
///
/// /// The period that has been paid, or `None` if its end is unknown or not a time.
/// fn paid_until(subscription: &Subscription) -> Option<jiff::Timestamp> {
///     subscription.billing_period_end_time.as_deref()?.parse().ok()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeText(String);

impl TimeText {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for TimeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<TimeText> for String {
    fn from(time: TimeText) -> Self {
        time.0
    }
}

impl Lenient for TimeText {
    fn read(json: &str) -> Option<Self> {
        String::read(json).map(Self)
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(String::deserialize_usual(deserializer)?.map(Self))
    }
}
