//! The plans, as buyers see them.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// The feature that the Team plan is priced by.
pub(crate) const SEATS: &str = "seats";
/// The feature of the Pro and Team plans that opens the page with the comments.
pub(crate) const DRAFT_COMMENTS: &str = "draft-comments";
/// The feature of the Pro and Team plans that counts letters to readers.
pub(crate) const LETTERS: &str = "letters";
/// The number of seats that a buyer can choose.
pub(crate) const SEATS_ALLOWED: RangeInclusive<u32> = 1..=50;

/// A plan. Each is sold as one offer, and serializes as that offer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plan {
    Starter,
    ProMonthly,
    TeamYearly,
}

impl Plan {
    /// The name of the offer, for buttons and metadata.
    pub(crate) fn offer_name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::ProMonthly => "pro-monthly",
            Self::TeamYearly => "team-yearly",
        }
    }

    /// The display name.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Starter => "Starter",
            Self::ProMonthly => "Pro, monthly",
            Self::TeamYearly => "Team, yearly",
        }
    }

    /// The displayed price in whole US dollars. The amount charged is the one configured at Kelviq.
    pub(crate) fn price(self) -> u32 {
        match self {
            Self::Starter => 49,
            Self::ProMonthly => 29,
            Self::TeamYearly => 180,
        }
    }
}

/// Returns the text for a number of seats, e.g. `5 seats`.
pub(crate) fn seats_text(number: u32) -> String {
    let unit = if number == 1 { "seat" } else { "seats" };
    format!("{number} {unit}")
}
