//! The features of plans, and what a test has changed for a customer.

use std::collections::HashMap;

use serde_json::Value;

use super::feature::{Feature, FeatureKind};
use crate::fake::subscriptions::subscription::Subscription;

/// The features of the plans, by plan.
pub(crate) type PlanFeatures = HashMap<String, Vec<Feature>>;

pub(crate) struct Entitlements {
    plans: PlanFeatures,
    /// By customer and feature.
    changes: HashMap<(String, String), Change>,
}

/// What a test has changed.
#[derive(Clone, Copy, Default)]
struct Change {
    used: u32,
    has_access: Option<bool>,
}

impl Entitlements {
    pub(crate) fn new(plans: PlanFeatures) -> Self {
        Self {
            plans,
            changes: HashMap::new(),
        }
    }

    pub(crate) fn set_usage(&mut self, customer_id: &str, feature: &str, used: u32) {
        self.change(customer_id, feature).used = used;
    }

    pub(crate) fn set_access(&mut self, customer_id: &str, feature: &str, access: bool) {
        self.change(customer_id, feature).has_access = Some(access);
    }

    /// Returns the entitlements of a customer: one for each subscription and feature.
    pub(crate) fn of<'a>(
        &self,
        customer_id: &str,
        subscriptions: impl Iterator<Item = &'a Subscription>,
    ) -> Vec<Value> {
        let change = |feature: &str| {
            let key = (customer_id.to_owned(), feature.to_owned());
            self.changes.get(&key).copied().unwrap_or_default()
        };
        let entitlement = |feature: &Feature, reset| {
            let Change { used, has_access } = change(&feature.identifier);
            feature.entitlement(used, has_access, reset)
        };
        let mut entitlements = Vec::new();
        for subscription in subscriptions {
            let features = self.features(subscription);
            let reset = subscription.period_end;
            entitlements.extend(features.iter().map(|feature| entitlement(feature, reset)));
        }
        // Access that a test gave to a feature that no subscription includes.
        let mut given: Vec<_> = self
            .changes
            .iter()
            .filter(|((customer, feature), change)| {
                let is_included = |json: &Value| json["featureId"] == **feature;
                customer == customer_id
                    && change.has_access == Some(true)
                    && !entitlements.iter().any(is_included)
            })
            .map(|((_, feature), _)| Feature {
                identifier: feature.clone(),
                kind: FeatureKind::Boolean,
            })
            .collect();
        given.sort_by(|a, b| a.identifier.cmp(&b.identifier));
        entitlements.extend(given.iter().map(|feature| entitlement(feature, None)));
        entitlements
    }

    /// Returns the features of a subscription as the API does: those with a number.
    pub(crate) fn feature_details(&self, subscription: &Subscription) -> Value {
        let features = self.features(subscription);
        let details = features
            .iter()
            .filter_map(|feature| feature.details(subscription.start));
        Value::Array(details.collect())
    }

    /// Returns the quantities of a subscription and the other features of its plan.
    fn features(&self, subscription: &Subscription) -> Vec<Feature> {
        let chosen = subscription
            .features
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let mut features: Vec<_> = chosen
            .iter()
            .filter_map(|item| {
                let quantity = item["quantity"].as_u64()?;
                Some(Feature {
                    identifier: item["identifier"].as_str()?.to_owned(),
                    kind: FeatureKind::Customizable(quantity.try_into().unwrap_or(u32::MAX)),
                })
            })
            .collect();
        for feature in self.plans.get(&subscription.plan).into_iter().flatten() {
            if features
                .iter()
                .all(|chosen| chosen.identifier != feature.identifier)
            {
                features.push(feature.clone());
            }
        }
        features
    }

    fn change(&mut self, customer_id: &str, feature: &str) -> &mut Change {
        let key = (customer_id.to_owned(), feature.to_owned());
        self.changes.entry(key).or_default()
    }
}
