//! A subscription as a test sees it.

use std::time::SystemTime;

use super::subscription::Subscription;
use kelviq_core::SubscriptionStatus;

/// A subscription of [`FakeKelviq`](crate::fake::FakeKelviq), or a one-time purchase, in its latest state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FakeSubscription {
    /// Kelviq's id of the subscription, a UUID.
    pub id: String,
    /// The application's id of the customer.
    pub customer_id: String,
    /// The identifier of the plan.
    pub plan: String,
    /// The status.
    pub status: SubscriptionStatus,
    /// The end of the current billing period. `None` for a one-time purchase.
    pub period_end: Option<SystemTime>,
    /// The last day, `YYYY-MM-DD`, once the subscription is canceled or its end is scheduled.
    pub end_date: Option<String>,
}

impl FakeSubscription {
    pub(crate) fn new(subscription: &Subscription) -> Self {
        Self {
            id: subscription.id.clone(),
            customer_id: subscription.customer_id.clone(),
            plan: subscription.plan.clone(),
            status: SubscriptionStatus::from(&*subscription.status),
            period_end: subscription.period_end,
            end_date: subscription.end_date.map(|date| date.to_string()),
        }
    }
}
