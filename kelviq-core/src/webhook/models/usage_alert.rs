//! Usage alerts: the object of `feature.usage_alert`.

use super::Customer;
use crate::{DecimalText, model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// A customer's usage of a feature has reached a threshold.
    ///
    /// Usage and thresholds need not be whole numbers, so they are [`DecimalText`], like money.
    ///
    /// ```
    /// use kelviq_core::UsageAlert;
    ///
    /// fn notice(alert: &UsageAlert) -> Option<String> {
    ///     let feature = alert.feature.as_ref()?.name.as_ref()?;
    ///     let (used, limit) = (alert.current_usage.as_ref()?, alert.usage_limit.as_ref()?);
    ///     Some(format!("{feature}: {used} of {limit} used"))
    /// }
    /// ```
    pub struct UsageAlert {
        /// Kelviq's id of the alert, a UUID.
        pub id: Option<String>,
        /// What is used.
        pub feature: Option<AlertFeature>,
        /// Who uses it; the customer's two ids are in here only.
        pub customer: Option<Customer>,
        /// How much the customer may use in the period.
        pub usage_limit: Option<DecimalText>,
        /// How much the customer has used in the period.
        pub current_usage: Option<DecimalText>,
        /// What the threshold counts.
        pub threshold_type: Option<ThresholdType>,
        /// The threshold that was reached.
        pub threshold_value: Option<DecimalText>,
        /// When the period began, RFC 3339.
        pub period_start_time: Option<String>,
        /// When the period ends, RFC 3339; absent when it has no end.
        pub period_end_time: Option<String>,
        /// The id of the subscription that the feature is part of.
        pub subscription_id: Option<String>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the alert was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the alert last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for UsageAlert {}

model! {
    /// The feature that a usage alert is about.
    ///
    /// ```
    /// use kelviq_core::UsageAlert;
    ///
    /// fn is_about(alert: &UsageAlert, identifier: &str) -> bool {
    ///     let feature = alert.feature.as_ref();
    ///     feature.and_then(|feature| feature.identifier.as_deref()) == Some(identifier)
    /// }
    /// ```
    pub struct AlertFeature {
        /// Kelviq's id of the feature, a UUID.
        pub id: Option<String>,
        /// The name, as customers see it.
        pub name: Option<String>,
        /// The feature's identifier, as the app and Kelviq's dashboard know it.
        pub identifier: Option<String>,
        /// What kind of feature it is.
        pub feature_type: Option<FeatureType>,
    }
}

open_enum! {
    /// What kind of feature something is.
    ///
    /// ```
    /// use kelviq_core::{AlertFeature, FeatureType};
    ///
    /// fn is_metered(feature: &AlertFeature) -> bool {
    ///     feature.feature_type == Some(FeatureType::Meter)
    /// }
    /// ```
    pub enum FeatureType {
        /// The customer has it or not.
        Boolean = "BOOLEAN",
        /// The customer has a number of it.
        Customizable = "CUSTOMIZABLE",
        /// The customer's usage of it is counted.
        Meter = "METER",
    }
}

open_enum! {
    /// What a threshold counts.
    ///
    /// ```
    /// use kelviq_core::{ThresholdType, UsageAlert};
    ///
    /// fn threshold(alert: &UsageAlert) -> Option<String> {
    ///     let value = alert.threshold_value.as_ref()?;
    ///     Some(match alert.threshold_type {
    ///         Some(ThresholdType::Percentage) => format!("{value} % of the limit"),
    ///         _ => value.to_string(),
    ///     })
    /// }
    /// ```
    pub enum ThresholdType {
        /// Percent of the limit, 1 to 100.
        Percentage = "PERCENTAGE",
        /// An absolute usage.
        Balance = "BALANCE",
    }
}
