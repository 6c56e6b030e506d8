//! What is sold.

use std::ops::RangeInclusive;

use kelviq_axum::{ConfigError, Offer, Offers, Shop};
use kelviq_core::ChargePeriod;
use serde::{Deserialize, Serialize};

use crate::visitor::Visitor;

/// The quantity that the Team plan is sold by, and how many of it a buyer may choose.
pub(crate) const SEATS: &str = "seats";
pub(crate) const SEATS_ALLOWED: RangeInclusive<u32> = 1..=50;

pub(crate) const CURRENCY: &str = "USD";

/// The plans. Each is an offer; its serde name is the offer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plan {
    Starter,
    ProMonthly,
    TeamYearly,
}

impl Plan {
    pub(crate) const ALL: [Self; 3] = [Self::Starter, Self::ProMonthly, Self::TeamYearly];

    /// The name of the offer, in the route and in the metadata.
    pub(crate) fn offer_name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::ProMonthly => "pro-monthly",
            Self::TeamYearly => "team-yearly",
        }
    }

    pub(crate) fn of_offer(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.offer_name() == name)
    }

    /// The name for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Starter => "Starter",
            Self::ProMonthly => "Pro, monthly",
            Self::TeamYearly => "Team, yearly",
        }
    }

    /// The name at Kelviq.
    pub(crate) fn identifier(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::ProMonthly => "pro",
            Self::TeamYearly => "team",
        }
    }

    /// What the pages say that it costs, in whole [`CURRENCY`]. Kelviq knows the price that counts.
    pub(crate) fn price(self) -> u32 {
        match self {
            Self::Starter => 49,
            Self::ProMonthly => 29,
            Self::TeamYearly => 180,
        }
    }

    fn offer(self) -> Offer {
        let plan = |charge_period| Offer::plan(self.identifier(), charge_period);
        match self {
            Self::Starter => plan(ChargePeriod::OneTime),
            Self::ProMonthly => plan(ChargePeriod::Monthly),
            Self::TeamYearly => plan(ChargePeriod::Yearly).quantity(SEATS, SEATS_ALLOWED),
        }
    }
}

/// All plans, as Kelviq and the checkout routes know them.
pub(crate) fn offers(shop: Shop) -> Result<Offers<Visitor>, ConfigError> {
    Plan::ALL
        .into_iter()
        .fold(Offers::builder(shop), |offers, plan| {
            offers.offer(plan.offer_name(), plan.offer())
        })
        .success_path("/thanks")
        .cancel_path("/cancelled")
        .sold_to::<Visitor>()
        .build()
}
