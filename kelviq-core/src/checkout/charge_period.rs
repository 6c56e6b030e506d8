//! The charge period of a plan.

use crate::open_enum::open_enum;

open_enum! {
    /// How often a plan is charged (`chargePeriod`).
    ///
    /// ```
    /// use kelviq_core::ChargePeriod;
    ///
    /// let quarterly = ChargePeriod::from("THREE_MONTHS"); // e.g. from a settings file
    /// assert_eq!(quarterly, ChargePeriod::ThreeMonths);
    ///
    /// // A period without a variant is sent unchanged, unless it is not in capital letters: "monthly" is an invalid request.
    /// assert_eq!(ChargePeriod::from("TWO_YEARS").as_str(), "TWO_YEARS");
    /// ```
    pub enum ChargePeriod {
        OneTime = "ONE_TIME",
        Daily = "DAILY",
        Weekly = "WEEKLY",
        TwentyEightDays = "TWENTY_EIGHT_DAYS",
        Monthly = "MONTHLY",
        ThreeMonths = "THREE_MONTHS",
        SixMonths = "SIX_MONTHS",
        Yearly = "YEARLY",
    }
}
