//! The offers: what is sold, and under which names.

use kelviq_axum::{ConfigError, Offer, Offers, Shop};
use kelviq_core::ChargePeriod;

use super::customer::Customer;
use crate::plan::{Plan, SEATS, SEATS_ALLOWED};

pub(super) const CURRENCY: &str = "USD";

impl Plan {
    pub(super) const ALL: [Self; 3] = [Self::Starter, Self::ProMonthly, Self::TeamYearly];

    /// Returns the plan that is sold under this offer name.
    pub(super) fn from_offer_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.offer_name() == name)
    }

    /// Returns the plan with this identifier at Kelviq.
    pub(super) fn from_identifier(identifier: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|plan| plan.identifier() == identifier)
    }

    /// The plan's identifier at Kelviq.
    pub(super) fn identifier(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::ProMonthly => "pro",
            Self::TeamYearly => "team",
        }
    }

    fn offer(self) -> Offer {
        let plan = |charge_period| Offer::plan(self.identifier(), charge_period);
        match self {
            Self::Starter => plan(ChargePeriod::OneTime),
            // Team includes Pro.
            Self::ProMonthly => plan(ChargePeriod::Monthly)
                .refuse_subscribers_of([Self::ProMonthly, Self::TeamYearly].map(Self::identifier)),
            // Sold to customers with Pro as well, who cancel Pro afterwards.
            Self::TeamYearly => plan(ChargePeriod::Yearly)
                .quantity(SEATS, SEATS_ALLOWED)
                .refuse_subscribers(),
        }
    }
}

/// Creates an offer for each plan.
pub(super) fn offers(shop: Shop) -> Result<Offers<Customer>, ConfigError> {
    Plan::ALL
        .into_iter()
        .fold(Offers::builder(shop), |offers, plan| {
            offers.offer(plan.offer_name(), plan.offer())
        })
        .success_path("/thanks")
        .cancel_path("/cancelled")
        .sold_to::<Customer>()
        .build()
}
