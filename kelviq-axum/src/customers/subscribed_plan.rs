//! The plan that a customer has a subscription of.

use std::time::SystemTime;

use kelviq_core::{Error, Kelviq};

/// Returns the first plan that the customer has a subscription of now and that is refused.
pub(crate) async fn subscribed_plan(
    kelviq: &Kelviq,
    customer_id: &str,
    is_refused: impl Fn(&str) -> bool,
) -> Result<Option<String>, Error> {
    let mut subscriptions = kelviq.list_subscriptions(customer_id);
    while let Some(subscription) = subscriptions.try_next().await? {
        let is_current = subscription.is_current(SystemTime::now());
        let plan = subscription.plan.and_then(|plan| plan.identifier);
        if let Some(plan) = plan.filter(|plan| is_current && is_refused(plan)) {
            return Ok(Some(plan));
        }
    }
    Ok(None)
}
