//! One offer.

use kelviq_core::{ChargePeriod, CheckoutPlan, CheckoutProblem, CustomAmount};

use super::{
    quantity::Quantity, requested_quantities::RequestedQuantities, sold_quantities::SoldQuantities,
};

/// An item for sale: a plan, how often it is charged, and the quantities of its features.
///
/// ```
/// use kelviq_axum::Offer;
/// use kelviq_core::ChargePeriod;
///
/// let pro = Offer::plan("pro", ChargePeriod::Monthly);
/// let team = Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50);
/// ```
///
/// An offer cannot contain the customer, the metadata, the URLs or the IP address. They belong to a sale.
///
/// ```compile_fail,E0599
/// # use kelviq_axum::Offer;
/// # use kelviq_core::ChargePeriod;
/// let pro = Offer::plan("pro", ChargePeriod::Monthly).with(|plan| plan.customer_id("cust_1"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Offer {
    // Without the quantities, which differ from sale to sale.
    plan: CheckoutPlan,
    title: Option<String>,
    features: Vec<(String, Quantity)>,
}

impl Offer {
    /// Creates an offer of a plan, by its identifier at Kelviq.
    pub fn plan(identifier: impl Into<String>, charge_period: ChargePeriod) -> Self {
        Self {
            plan: CheckoutPlan::new(identifier, charge_period),
            title: None,
            features: Vec::new(),
        }
    }

    /// Sets the title that a buyer sees on the [page after signing in](crate::ResumePage), e.g. `Pro, monthly`. The default is
    /// the name of the offer.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the quantity of a feature: a number, or a range from which the buyer chooses.
    ///
    /// The buyer chooses with the form field `quantity[…]`, e.g. `quantity[seats]`. Without the field, the minimum is
    /// sold.
    pub fn quantity(mut self, feature: impl Into<String>, quantity: impl Into<Quantity>) -> Self {
        self.features.push((feature.into(), quantity.into()));
        self
    }

    /// Sets `discountCode`, which is applied when the checkout page opens.
    pub fn discount_code(self, discount_code: impl Into<String>) -> Self {
        self.with(|plan| plan.discount_code(discount_code))
    }

    /// Sets `customAmount`, `currencyCode` and `taxBehavior`, which replace the plan's price.
    pub fn custom_amount(self, custom_amount: CustomAmount) -> Self {
        self.with(|plan| plan.custom_amount(custom_amount))
    }

    /// Sets `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    pub fn default_billing_country(self, country: impl Into<String>) -> Self {
        self.with(|plan| plan.default_billing_country(country))
    }

    /// Changes other fields of the plan, e.g. `.with(|plan| plan.trial_period(14))`.
    pub fn with(mut self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.plan = change(self.plan);
        self
    }

    /// Returns the title. The default is the name of the offer.
    pub(super) fn title_or<'a>(&'a self, name: &'a str) -> &'a str {
        self.title.as_deref().unwrap_or(name)
    }

    /// Validates the requested quantities and returns the quantity of each feature.
    pub(super) fn choose(
        &self,
        requested: &RequestedQuantities,
    ) -> Result<SoldQuantities, CheckoutProblem> {
        self.log_ignored(requested);
        let quantities = self.features.iter().map(|(feature, quantity)| {
            let quantity = quantity.choose(requested.get(feature)?)?;
            Ok((feature.clone(), quantity))
        });
        quantities.collect()
    }

    fn log_ignored(&self, requested: &RequestedQuantities) {
        let is_known = |feature: &str| self.features.iter().any(|(name, _)| name == feature);
        let ignored: Vec<_> = requested
            .features()
            .filter(|feature| !is_known(feature))
            .collect();
        if !ignored.is_empty() {
            tracing::debug!(
                ?ignored,
                "ignored quantities of features that the offer does not have"
            );
        }
    }

    /// Returns the plan with these quantities.
    pub(super) fn plan_with(&self, quantities: &SoldQuantities) -> CheckoutPlan {
        let plan = self.plan.clone();
        quantities.iter().fold(plan, |plan, (feature, quantity)| {
            plan.quantity(feature, quantity)
        })
    }

    /// Returns a message for each invalid part of the offer.
    pub(super) fn problems(&self) -> Vec<String> {
        let features = self.features.iter();
        let mut problems: Vec<_> = features
            .clone()
            .filter(|(_, quantity)| quantity.is_empty())
            .map(|(feature, _)| format!("the quantity of {feature:?} is an empty range"))
            .collect();
        let min = features
            .map(|(feature, quantity)| (feature.clone(), quantity.min()))
            .collect();
        if let Err(error) = self.plan_with(&min).validate() {
            let errors = error.field_errors().iter();
            problems.extend(errors.map(|error| format!("{}: {}", error.field, error.message)));
        }
        problems
    }
}
