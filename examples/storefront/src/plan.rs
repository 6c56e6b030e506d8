//! The plans, as buyers see them.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// The quantity that the Team plan is sold by, and how many of it a buyer may choose.
pub(crate) const SEATS: &str = "seats";
pub(crate) const SEATS_ALLOWED: RangeInclusive<u32> = 1..=50;

/// Each is an offer; its serde name is the offer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plan {
    Starter,
    ProMonthly,
    TeamYearly,
}

impl Plan {
    /// The name of the offer, for buttons and in the metadata.
    pub(crate) fn offer_name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::ProMonthly => "pro-monthly",
            Self::TeamYearly => "team-yearly",
        }
    }

    /// The name for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Starter => "Starter",
            Self::ProMonthly => "Pro, monthly",
            Self::TeamYearly => "Team, yearly",
        }
    }

    /// What the pages say that it costs, in whole US dollars. Kelviq knows the price that counts.
    pub(crate) fn price(self) -> u32 {
        match self {
            Self::Starter => 49,
            Self::ProMonthly => 29,
            Self::TeamYearly => 180,
        }
    }
}
