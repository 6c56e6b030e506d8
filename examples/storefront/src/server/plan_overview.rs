//! Retrieves what a customer has now from Kelviq.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use kelviq_axum::Shop;
use kelviq_core::{
    BillingType, DecimalText, Entitlement, Entitlements, ErrorKind, FeatureType, PastDue,
    Subscription, SubscriptionStatus,
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
    let entitlements = async {
        match shop.kelviq().entitlements(customer_id).await {
            // The customer has bought nothing yet.
            Err(error) if error.kind() == ErrorKind::Api && error.status() == Some(404) => {
                Ok(Entitlements::default())
            }
            result => Ok(result?),
        }
    };
    let both = timeout(TIMEOUT, async { try_join!(subscriptions, entitlements) }).await;
    let both = both.map_err(|_| format!("no response from Kelviq within {TIMEOUT:?}"))?;
    let (subscriptions, entitlements) = both?;
    Ok(PlanOverview {
        subscriptions,
        features: included_features(&entitlements),
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

/// Returns each feature once, also if several plans include it. A metered feature that is used up is included.
fn included_features(entitlements: &Entitlements) -> Vec<IncludedFeature> {
    let is_metered = |entry: &Entitlement| entry.feature_type == Some(FeatureType::Meter);
    let mut features: Vec<IncludedFeature> = Vec::new();
    for id in entitlements
        .entitlements
        .iter()
        .filter_map(|entry| entry.feature_id.as_ref())
    {
        let entries: Vec<_> = entitlements
            .feature(id)
            .filter(|entry| entry.has_access || is_metered(entry))
            .collect();
        let Some(first) = entries.first() else {
            continue;
        };
        if features.iter().any(|feature| feature.id == *id) {
            continue;
        }
        // `None` if one of the entries has no number.
        let total = |number: fn(&Entitlement) -> Option<&DecimalText>| {
            let numbers = entries
                .iter()
                .map(|entry| number(entry)?.parse::<u64>().ok());
            numbers.sum::<Option<u64>>()
        };
        let limit = total(|entry| entry.usage_limit.as_ref()).map(written);
        let remaining = total(|entry| entry.remaining.as_ref()).map(written);
        features.push(IncludedFeature {
            id: id.clone(),
            amount: match (limit, remaining) {
                (Some(limit), Some(remaining)) if is_metered(first) => {
                    Some(format!("{remaining} of {limit} left"))
                }
                (limit, _) => limit,
            },
        });
    }
    features
}

/// Writes a number with commas between the thousands.
fn written(number: u64) -> String {
    format_amount(&number.to_string(), None)
}
