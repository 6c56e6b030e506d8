//! How often a plan is charged.

use crate::open_enum::open_enum;

open_enum! {
    /// `chargePeriod`: how often the plan is charged.
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
