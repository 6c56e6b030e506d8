//! Charge periods.

use std::time::SystemTime;

use jiff::{Span, Timestamp, tz::Offset};

/// How often a plan is charged.
#[derive(Clone, Copy)]
pub(crate) struct ChargePeriod {
    /// `day`, `week`, `month` or `year`.
    unit: &'static str,
    /// The number of units, or 0 for a plan that is paid once.
    pub(crate) count: i32,
}

impl ChargePeriod {
    /// Returns the period of a request's `chargePeriod`, which has been validated.
    pub(crate) fn new(charge_period: &str) -> Self {
        let (count, unit) = match charge_period {
            "DAILY" => (1, "day"),
            "WEEKLY" => (1, "week"),
            "TWENTY_EIGHT_DAYS" => (28, "day"),
            "MONTHLY" => (1, "month"),
            "THREE_MONTHS" => (3, "month"),
            "SIX_MONTHS" => (6, "month"),
            "YEARLY" => (1, "year"),
            _ => (0, ""),
        };
        Self { unit, count }
    }

    /// Returns whether the plan is charged again and again.
    pub(crate) fn is_recurring(self) -> bool {
        self.count > 0
    }

    /// Returns the end of a period that starts at `start`.
    pub(crate) fn end(self, start: SystemTime) -> Option<SystemTime> {
        let span = match self.unit {
            "day" => Span::new().days(self.count),
            "week" => Span::new().weeks(self.count),
            "month" => Span::new().months(self.count),
            "year" => Span::new().years(self.count),
            _ => return None,
        };
        // The conversions fail only for years beyond 9999.
        let start = Timestamp::try_from(start).ok()?;
        let end = Offset::UTC.to_datetime(start).checked_add(span).ok()?;
        Offset::UTC.to_timestamp(end).ok()?.try_into().ok()
    }

    /// Returns the unit in capital letters: `MONTH`.
    pub(crate) fn unit(self) -> String {
        self.unit.to_uppercase()
    }

    /// Formats the period as events have it: `1 month`, `28 days`. Empty if the plan is paid once.
    pub(crate) fn recurrence(self) -> String {
        match self.count {
            0 => String::new(),
            1 => format!("1 {}", self.unit),
            count => format!("{count} {}s", self.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_on_the_same_day_of_a_later_month() {
        for (period, start, end) in [
            ("DAILY", "2026-02-28T23:59:59Z", "2026-03-01T23:59:59Z"),
            ("WEEKLY", "2026-12-28T10:00:00Z", "2027-01-04T10:00:00Z"),
            (
                "TWENTY_EIGHT_DAYS",
                "2026-02-01T10:00:00Z",
                "2026-03-01T10:00:00Z",
            ),
            ("MONTHLY", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"),
            (
                "THREE_MONTHS",
                "2026-11-30T10:00:00Z",
                "2027-02-28T10:00:00Z",
            ),
            ("SIX_MONTHS", "2026-07-28T10:46:34Z", "2027-01-28T10:46:34Z"),
            ("YEARLY", "2028-02-29T10:00:00Z", "2029-02-28T10:00:00Z"),
        ] {
            let start: Timestamp = start.parse().unwrap();
            let end: Timestamp = end.parse().unwrap();
            let computed = ChargePeriod::new(period).end(start.try_into().unwrap());
            assert_eq!(computed, end.try_into().ok(), "{period}");
        }
        let once = ChargePeriod::new("ONE_TIME");
        assert_eq!(once.end(SystemTime::now()), None);
        assert!(!once.is_recurring());
        assert_eq!(ChargePeriod::new("MONTHLY").recurrence(), "1 month");
        assert_eq!(ChargePeriod::new("THREE_MONTHS").recurrence(), "3 months");
    }
}
