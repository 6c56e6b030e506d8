//! What is sold.

use kelviq_axum::{ConfigError, Offer, Offers, Shop};
use kelviq_core::ChargePeriod;
use serde::{Deserialize, Serialize};

use crate::visitor::Visitor;

/// The plans. Each is an offer; its serde name is the offer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plan {
    Starter,
    ProMonthly,
    TeamYearly,
}

impl Plan {
    const ALL: [Self; 3] = [Self::Starter, Self::ProMonthly, Self::TeamYearly];

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

    fn offer(self) -> Offer {
        match self {
            Self::Starter => Offer::plan("starter", ChargePeriod::OneTime),
            Self::ProMonthly => Offer::plan("pro", ChargePeriod::Monthly),
            Self::TeamYearly => Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
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
