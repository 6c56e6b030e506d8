//! Asks Kelviq what a customer has now.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use kelviq_axum::Shop;
use kelviq_core::{
    BillingType, Entitlement, FeatureType, PastDue, Subscription, SubscriptionStatus,
};
use tokio::{time::timeout, try_join};

use crate::{
    day::Day,
    money::format_amount,
    plan::Plan,
    plan_overview::{CurrentSubscription, IncludedFeature, PlanOverview, SubscriptionState},
};

/// Maximum time to wait for Kelviq. The visitor of the page waits meanwhile.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the current subscriptions of a customer, and what they include.
///
/// Both come from Kelviq rather than from the orders, because a subscription can end, and can be changed on Kelviq's page.
/// Neither is cached: the page would contradict itself if one was older than the other.
pub(crate) async fn plan_overview(
    shop: &Shop,
    customer_id: &str,
) -> Result<PlanOverview, Box<dyn Error + Send + Sync>> {
    let subscriptions = async {
        let mut pages = shop.kelviq().list_subscriptions(customer_id);
        let mut subscriptions = Vec::new();
        while let Some(subscription) = pages.try_next().await? {
            subscriptions.extend(current(&subscription, SystemTime::now()));
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(subscriptions)
    };
    let entitlements = async { Ok(shop.kelviq().entitlements(customer_id).await?) };
    let both = timeout(TIMEOUT, async { try_join!(subscriptions, entitlements) }).await;
    let both = both.map_err(|_| format!("no response from Kelviq within {TIMEOUT:?}"))?;
    let (subscriptions, entitlements) = both?;
    let mut features: Vec<IncludedFeature> = Vec::new();
    for feature in entitlements.entitlements.iter().filter_map(included) {
        // Two plans can include the same feature.
        if !features.contains(&feature) {
            features.push(feature);
        }
    }
    Ok(PlanOverview {
        subscriptions,
        features,
    })
}

/// Returns `None` for a subscription that is over.
fn current(subscription: &Subscription, now: SystemTime) -> Option<CurrentSubscription> {
    let is_pending = subscription.status == Some(SubscriptionStatus::Incomplete);
    let is_current =
        subscription.is_current(now) || subscription.gives_access(now, PastDue::KeepAccess);
    if !is_pending && !is_current {
        return None;
    }
    let plan = subscription.plan.as_ref();
    let identifier = plan.and_then(|plan| plan.identifier.as_deref());
    let own = identifier.and_then(Plan::from_identifier);
    let title = own.map(|plan| plan.title().to_owned());
    let title = title
        .or_else(|| plan?.name.clone())
        .or(identifier.map(str::to_owned));
    let period_end = subscription.billing_period_end_time.as_deref();
    let state = match &subscription.status {
        Some(SubscriptionStatus::Incomplete) => SubscriptionState::Pending,
        Some(SubscriptionStatus::PastDue) => SubscriptionState::PastDue,
        _ => match subscription.ends_on() {
            Some(end) => SubscriptionState::Ends(Day::of(end)),
            None if subscription.billing_type == Some(BillingType::OneTime) => {
                SubscriptionState::Kept
            }
            None => SubscriptionState::Renews(period_end.and_then(Day::of)),
        },
    };
    Some(CurrentSubscription {
        plan: own,
        title: title.unwrap_or_else(|| "Subscription".into()),
        state,
    })
}

/// Returns `None` for a feature that the customer may not use. A metered one that is used up is included.
fn included(entitlement: &Entitlement) -> Option<IncludedFeature> {
    let is_metered = entitlement.feature_type == Some(FeatureType::Meter);
    if !entitlement.has_access && !is_metered {
        return None;
    }
    let number = |number: &str| format_amount(number, None);
    let limit = entitlement.usage_limit.as_deref().map(number);
    let remaining = entitlement.remaining.as_deref().map(number);
    let amount = match (limit, remaining) {
        (Some(limit), Some(remaining)) if is_metered => {
            Some(format!("{remaining} of {limit} left"))
        }
        (limit, _) => limit,
    };
    Some(IncludedFeature {
        id: entitlement.feature_id.clone()?,
        amount,
    })
}
