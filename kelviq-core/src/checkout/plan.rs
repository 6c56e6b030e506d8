//! The plan that a checkout sells, and its terms.

use std::fmt;

use serde::Serialize;

use super::{amount::CustomAmount, charge_period::ChargePeriod};
use crate::{error::Error, validation::Validation};

/// The parameters of a [`CreateCheckoutSession`](crate::CreateCheckoutSession) that describe the plan and its terms. They
/// contain no data about the buyer.
///
/// ```
/// use kelviq_core::{ChargePeriod, CheckoutPlan};
///
/// let plan = CheckoutPlan::new("team", ChargePeriod::Yearly)
///     .quantity("seats", 5)
///     .discount_code("WELCOME20");
/// assert!(plan.validate().is_ok());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CheckoutPlan {
    pub(super) identifier: String,
    pub(super) charge_period: ChargePeriod,
    pub(super) features: Vec<Feature>,
    pub(super) plans_enabled: Vec<String>,
    pub(super) custom_amount: Option<CustomAmount>,
    pub(super) discounts_enabled: Option<bool>,
    pub(super) discount_code: Option<String>,
    pub(super) default_billing_country: Option<String>,
    pub(super) offering_id: Option<String>,
    pub(super) pricing_table_id: Option<String>,
    pub(super) rule_id: Option<String>,
    pub(super) trial_period: Option<u32>,
}

/// An item of `features`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Feature {
    pub(super) identifier: String,
    pub(super) quantity: u32,
}

impl CheckoutPlan {
    /// Creates a plan from `planIdentifier` and `chargePeriod`, which Kelviq requires.
    pub fn new(identifier: impl Into<String>, charge_period: ChargePeriod) -> Self {
        Self {
            identifier: identifier.into(),
            charge_period,
            features: Vec::new(),
            plans_enabled: Vec::new(),
            custom_amount: None,
            discounts_enabled: None,
            discount_code: None,
            default_billing_country: None,
            offering_id: None,
            pricing_table_id: None,
            rule_id: None,
            trial_period: None,
        }
    }

    /// Returns `planIdentifier`.
    ///
    /// ```
    /// use kelviq_core::{ChargePeriod, CheckoutPlan};
    ///
    /// assert_eq!(CheckoutPlan::new("team", ChargePeriod::Yearly).identifier(), "team");
    /// ```
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Adds an item to `features`: the quantity of a feature, at least 1.
    #[must_use]
    pub fn quantity(mut self, feature: impl Into<String>, quantity: u32) -> Self {
        self.features.push(Feature {
            identifier: feature.into(),
            quantity,
        });
        self
    }

    /// Sets `plansEnabled`: the identifiers of the plans that the checkout page shows.
    #[must_use]
    pub fn plans_enabled<I: Into<String>>(mut self, plans: impl IntoIterator<Item = I>) -> Self {
        self.plans_enabled = plans.into_iter().map(Into::into).collect();
        self
    }

    /// Sets `customAmount`, `currencyCode` and `taxBehavior`, which Kelviq accepts only together. See [`CustomAmount`] for a
    /// currency without an amount.
    #[must_use]
    pub fn custom_amount(mut self, custom_amount: CustomAmount) -> Self {
        self.custom_amount = Some(custom_amount);
        self
    }

    /// Sets `discountsEnabled`: whether the checkout page accepts discount codes. Kelviq's default is `true`.
    #[must_use]
    pub fn discounts_enabled(mut self, discounts_enabled: bool) -> Self {
        self.discounts_enabled = Some(discounts_enabled);
        self
    }

    /// Sets `discountCode`, which is applied when the checkout page opens. Kelviq rejects the request if the code is
    /// inactive, expired or does not apply to the plan.
    #[must_use]
    pub fn discount_code(mut self, discount_code: impl Into<String>) -> Self {
        self.discount_code = Some(discount_code.into());
        self
    }

    /// Returns `true` if `discountCode` is set.
    ///
    /// ```
    /// use kelviq_core::{ChargePeriod, CheckoutPlan};
    ///
    /// let plan = CheckoutPlan::new("team", ChargePeriod::Yearly);
    /// assert!(!plan.has_discount_code());
    /// assert!(plan.discount_code("WELCOME20").has_discount_code());
    /// ```
    pub fn has_discount_code(&self) -> bool {
        self.discount_code.is_some()
    }

    /// Sets `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    #[must_use]
    pub fn default_billing_country(mut self, country: impl Into<String>) -> Self {
        self.default_billing_country = Some(country.into());
        self
    }

    /// Sets `offeringId`. Only Kelviq's SDKs document this field.
    #[must_use]
    pub fn offering_id(mut self, offering_id: impl Into<String>) -> Self {
        self.offering_id = Some(offering_id.into());
        self
    }

    /// Sets `pricingTableId`. Only Kelviq's SDKs document this field.
    #[must_use]
    pub fn pricing_table_id(mut self, pricing_table_id: impl Into<String>) -> Self {
        self.pricing_table_id = Some(pricing_table_id.into());
        self
    }

    /// Sets `ruleId`. Only Kelviq's SDKs document this field.
    #[must_use]
    pub fn rule_id(mut self, rule_id: impl Into<String>) -> Self {
        self.rule_id = Some(rule_id.into());
        self
    }

    /// Sets `trialPeriod` in days, at least 1. It replaces the plan's own trial. Only Kelviq's Python SDK documents this
    /// field.
    #[must_use]
    pub fn trial_period(mut self, days: u32) -> Self {
        self.trial_period = Some(days);
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRequest`](crate::ErrorKind::InvalidRequest) with one [`FieldError`](crate::FieldError) for each
    /// invalid field.
    pub fn validate(&self) -> Result<(), Error> {
        let mut check = Validation::default();
        self.check_identity(&mut check);
        self.check_terms(&mut check);
        check.finish()
    }

    pub(super) fn check_identity(&self, check: &mut Validation) {
        check.text("planIdentifier", &self.identifier);
        check.constant("chargePeriod", self.charge_period.as_str());
    }

    pub(super) fn check_terms(&self, check: &mut Validation) {
        for (field, value) in [
            ("discountCode", &self.discount_code),
            ("offeringId", &self.offering_id),
            ("pricingTableId", &self.pricing_table_id),
            ("ruleId", &self.rule_id),
        ] {
            check.optional_text(field, value.as_deref());
        }
        self.check_features(check);
        for plan in &self.plans_enabled {
            check.listed_plan("plansEnabled", plan);
        }
        if let Some(custom) = &self.custom_amount {
            if !custom.amount.is_positive() {
                check.fail("customAmount", "expected an amount above 0");
            }
            check.capital_letters(
                "currencyCode",
                &custom.currency_code,
                3,
                "expected three capital letters (ISO 4217), such as USD",
            );
            check.constant("taxBehavior", custom.tax_behavior.as_str());
        }
        if let Some(country) = &self.default_billing_country {
            check.capital_letters(
                "defaultBillingCountry",
                country,
                2,
                "expected two capital letters (ISO 3166-1 alpha-2), such as US",
            );
        }
        if self.trial_period == Some(0) {
            check.fail("trialPeriod", "expected at least 1 day");
        }
    }

    fn check_features(&self, check: &mut Validation) {
        for (index, feature) in self.features.iter().enumerate() {
            let field = format!("features[{index}].identifier");
            check.text(&field, &feature.identifier);
            let mut earlier = self.features[..index].iter();
            if earlier.any(|other| other.identifier == feature.identifier) {
                check.fail(field, "must not repeat an earlier feature");
            }
            if feature.quantity == 0 {
                check.fail(
                    format!("features[{index}].quantity"),
                    "expected a quantity of at least 1",
                );
            }
        }
    }
}

/// Omits the discount code, which can be personal, and the billing country.
impl fmt::Debug for CheckoutPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutPlan")
            .field("identifier", &self.identifier)
            .field("charge_period", &self.charge_period)
            .field("features", &self.features)
            .field("custom_amount", &self.custom_amount)
            .finish_non_exhaustive()
    }
}
