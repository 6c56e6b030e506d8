//! The plan that a customer has a subscription of.

use std::time::SystemTime;

use kelviq_core::{Error, Kelviq};

/// What the subscriptions of a customer mean for a sale.
pub(crate) enum Subscribed {
    /// The customer has none of the refused plans.
    No,
    /// The customer has a subscription of this plan now, which is refused.
    To(String),
    /// The customer has a subscription now, but Kelviq's answer does not have its plan.
    Unknown,
}

/// Looks for a subscription of a refused plan that the customer has now.
pub(crate) async fn find_subscription(
    kelviq: &Kelviq,
    customer_id: &str,
    is_refused: impl Fn(&str) -> bool,
) -> Result<Subscribed, Error> {
    let mut found = Subscribed::No;
    let mut subscriptions = kelviq.list_subscriptions(customer_id);
    while let Some(subscription) = subscriptions.try_next().await? {
        if !subscription.is_current(SystemTime::now()) {
            continue;
        }
        match subscription.plan.and_then(|plan| plan.identifier) {
            Some(plan) if is_refused(&plan) => return Ok(Subscribed::To(plan)),
            Some(_) => {}
            None => found = Subscribed::Unknown,
        }
    }
    Ok(found)
}
