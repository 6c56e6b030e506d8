//! How often a plan is charged.

use crate::open_enum::open_enum;

open_enum! {
    /// `chargePeriod`: how often the plan is charged.
    ///
    /// ```
    /// use kelviq_core::ChargePeriod;
    ///
    /// let quarterly = ChargePeriod::from("THREE_MONTHS"); // from a settings file, say
    /// assert_eq!(quarterly, ChargePeriod::ThreeMonths);
    ///
    /// // A period that this version does not name is sent as it is.
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
