//! A feature of a plan.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::fake::{
    ids,
    session::display_name,
    timestamp::{rfc3339_micros, without_zone},
};

/// A feature that a subscription includes.
#[derive(Clone)]
pub(crate) struct Feature {
    pub(crate) identifier: String,
    pub(crate) kind: FeatureKind,
}

#[derive(Clone, Copy)]
pub(crate) enum FeatureKind {
    Boolean,
    /// A number of uses in a billing period.
    Meter(u32),
    /// A quantity that the customer chose, such as seats.
    Customizable(u32),
}

impl Feature {
    /// Returns the entitlement that the feature gives. `has_access` overrides whether it can be used. A meter resets at
    /// `reset`.
    pub(crate) fn entitlement(
        &self,
        used: u32,
        has_access: Option<bool>,
        reset: Option<SystemTime>,
    ) -> Value {
        let limit = self.limit();
        let remaining = limit.map(|limit| limit.saturating_sub(used));
        let is_meter = matches!(self.kind, FeatureKind::Meter(_));
        let is_used_up = is_meter && remaining == Some(0);
        let mut json = json!({
            "featureId": self.identifier,
            "featureType": self.kind(),
            "hasAccess": has_access.unwrap_or(!is_used_up),
            "usageLimit": limit,
            "currentUsage": limit.map(|_| used),
            "remaining": remaining,
            "hardLimit": limit.map(|_| is_meter),
        });
        if let Some(reset) = reset.filter(|_| is_meter) {
            json["resetAt"] = without_zone(reset).into();
        }
        json
    }

    /// Returns the feature as subscriptions contain it. `None` if it has no number.
    pub(crate) fn details(&self, modified: SystemTime) -> Option<Value> {
        let name = display_name(&self.identifier);
        let is_meter = matches!(self.kind, FeatureKind::Meter(_));
        Some(json!({
            "id": ids::feature_id(&self.identifier),
            "identifier": self.identifier,
            "name": name,
            "description": "",
            "featureType": self.kind(),
            "details": {},
            "isArchived": false,
            "metadata": {},
            "modifiedOn": rfc3339_micros(modified),
            "meter": {},
            "featureDetails": {"units": {"singular": name, "plural": name}},
            "reset": is_meter.then_some("EVERY_MONTH"),
            "resetTime": is_meter.then_some("BEGINNING_OF_PERIOD"),
            "value": self.limit()?,
            "hardLimit": is_meter,
        }))
    }

    fn kind(&self) -> &'static str {
        match self.kind {
            FeatureKind::Boolean => "BOOLEAN",
            FeatureKind::Meter(_) => "METER",
            FeatureKind::Customizable(_) => "CUSTOMIZABLE",
        }
    }

    fn limit(&self) -> Option<u32> {
        match self.kind {
            FeatureKind::Boolean => None,
            FeatureKind::Meter(limit) | FeatureKind::Customizable(limit) => Some(limit),
        }
    }
}
