//! What a customer has now, as the page shows it.

use serde::{Deserialize, Serialize};

use crate::{day::Day, plan::Plan};

/// The subscriptions of a customer, and what they include.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PlanOverview {
    pub(crate) subscriptions: Vec<CurrentSubscription>,
    pub(crate) features: Vec<IncludedFeature>,
}

/// A subscription that the customer has now, or a plan that was paid for once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CurrentSubscription {
    /// `None` for a plan that this shop does not sell.
    pub(crate) plan: Option<Plan>,
    pub(crate) title: String,
    pub(crate) state: SubscriptionState,
}

/// What happens next to a subscription. A day is `None` if it is unknown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SubscriptionState {
    /// It was paid for once.
    Kept,
    /// The day of the next charge.
    Renews(Option<Day>),
    /// The last day of a subscription that was cancelled.
    Ends(Option<Day>),
    /// A payment has failed.
    PastDue,
    /// The first payment is pending.
    Pending,
}

/// A feature that the customer's plans include.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct IncludedFeature {
    /// The identifier at Kelviq.
    pub(crate) id: String,
    /// How much of it the customer has, e.g. `9,400 of 10,000 left`.
    pub(crate) amount: Option<String>,
}

impl PlanOverview {
    /// Whether the customer has a subscription of this plan.
    pub(crate) fn has(&self, plan: Plan) -> bool {
        let mut subscriptions = self.subscriptions.iter();
        subscriptions.any(|subscription| subscription.plan == Some(plan))
    }
}
