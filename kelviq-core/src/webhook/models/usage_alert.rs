//! Usage alerts: the object of `feature.usage_alert`.

use super::customer::Customer;
use crate::{
    decimal_text::DecimalText, model::model, open_enum::open_enum, time_text::TimeText,
    webhook::event_object::EventObject,
};

model! {
    /// An alert that a customer's usage of a feature reached a threshold, the object of `feature.usage_alert`.
    ///
    /// Usage and thresholds can have decimal places, so they are [`DecimalText`].
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
        /// The feature.
        pub feature: Option<AlertFeature>,
        /// The customer, with both ids.
        pub customer: Option<Customer>,
        /// The maximum usage in the period.
        pub usage_limit: Option<DecimalText>,
        /// The usage so far in the period.
        pub current_usage: Option<DecimalText>,
        /// The unit of the threshold.
        pub threshold_type: Option<ThresholdType>,
        /// The threshold that was reached.
        pub threshold_value: Option<DecimalText>,
        /// When the period started, in RFC 3339 format.
        pub period_start_time: Option<TimeText>,
        /// When the period ends, in RFC 3339 format. Missing if the period has no end.
        pub period_end_time: Option<TimeText>,
        /// The id of the subscription that includes the feature.
        pub subscription_id: Option<String>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the alert was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the alert was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for UsageAlert {
    const KIND: &str = "feature_usage_alert";
}

model! {
    /// The feature of a usage alert.
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
        /// The name that customers see.
        pub name: Option<String>,
        /// The identifier, which is also shown in the Kelviq dashboard.
        pub identifier: Option<String>,
        /// The type.
        pub feature_type: Option<FeatureType>,
    }
}

open_enum! {
    /// The type of a feature.
    ///
    /// ```
    /// use kelviq_core::{AlertFeature, FeatureType};
    ///
    /// fn is_metered(feature: &AlertFeature) -> bool {
    ///     feature.feature_type == Some(FeatureType::Meter)
    /// }
    /// ```
    pub enum FeatureType {
        /// The customer either has the feature or not.
        Boolean = "BOOLEAN",
        /// Like `BOOLEAN`. The API has this value in entitlements.
        Flag = "FLAG",
        /// The customer has a quantity of the feature.
        Customizable = "CUSTOMIZABLE",
        /// The customer's usage of the feature is metered.
        Meter = "METER",
    }
}

open_enum! {
    /// The unit of a threshold.
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
        /// A percentage of the limit, from 1 to 100.
        Percentage = "PERCENTAGE",
        /// An absolute amount of usage.
        Balance = "BALANCE",
    }
}
