//! One offer.

use kelviq_core::{ChargePeriod, CheckoutPlan, CheckoutProblem, CustomAmount};

use super::Quantity;

/// The name of the form field for a feature's quantity.
pub(super) fn field_name(feature: &str) -> String {
    format!("quantity[{feature}]")
}

/// Something for sale: a plan, how often it is charged, and how much of its features.
///
/// ```
/// use kelviq_axum::{Offer, kelviq_core::ChargePeriod};
///
/// let pro = Offer::plan("pro", ChargePeriod::Monthly);
/// let team = Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50);
/// ```
///
/// An offer cannot set anything about the buyer: the customer, the metadata, the URLs and the IP address belong to the sale.
///
/// ```compile_fail,E0599
/// # use kelviq_axum::{Offer, kelviq_core::ChargePeriod};
/// let pro = Offer::plan("pro", ChargePeriod::Monthly).with(|plan| plan.customer_id("cust_1"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Offer {
    // Without the quantities, which a sale adds.
    plan: CheckoutPlan,
    features: Vec<(String, Quantity)>,
}

impl Offer {
    /// A plan by its identifier at Kelviq, charged once or for each period.
    pub fn plan(identifier: impl Into<String>, charge_period: ChargePeriod) -> Self {
        Self {
            plan: CheckoutPlan::new(identifier, charge_period),
            features: Vec::new(),
        }
    }

    /// How much of a feature is sold: a fixed number, or a range in which the buyer chooses with the form field
    /// `quantity[…]`, e.g. `quantity[seats]`. Without the field the least is sold.
    pub fn quantity(mut self, feature: impl Into<String>, quantity: impl Into<Quantity>) -> Self {
        self.features.push((feature.into(), quantity.into()));
        self
    }

    /// `discountCode`: applied from the start.
    pub fn discount_code(self, discount_code: impl Into<String>) -> Self {
        self.with(|plan| plan.discount_code(discount_code))
    }

    /// `customAmount` with its currency and tax behaviour, instead of the plan's price.
    pub fn custom_amount(self, custom_amount: CustomAmount) -> Self {
        self.with(|plan| plan.custom_amount(custom_amount))
    }

    /// `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    pub fn default_billing_country(self, country: impl Into<String>) -> Self {
        self.with(|plan| plan.default_billing_country(country))
    }

    /// Changes any other field of the plan, e.g. `.with(|plan| plan.trial_period(14))`.
    pub fn with(mut self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.plan = change(self.plan);
        self
    }

    /// The quantity of each feature, as the form says.
    pub(super) fn choose(
        &self,
        fields: &[(String, String)],
    ) -> Result<Vec<(String, u32)>, CheckoutProblem> {
        let ignored = self.ignored(fields);
        if !ignored.is_empty() {
            tracing::debug!(?ignored, "fields that the offer does not ask for");
        }
        self.quantities(fields).ok_or_else(|| {
            tracing::info!("a checkout was refused: a quantity is not one that the offer allows");
            CheckoutProblem::InvalidQuantity
        })
    }

    /// The names of the form's fields that the offer does not ask for.
    fn ignored<'a>(&self, fields: &'a [(String, String)]) -> Vec<&'a str> {
        let asks_for = |name: &str| {
            self.features
                .iter()
                .any(|(feature, _)| name == field_name(feature))
        };
        let names = fields.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !asks_for(name)).collect()
    }

    /// The quantity of each feature; `None` when the form has one that the offer does not allow.
    fn quantities(&self, fields: &[(String, String)]) -> Option<Vec<(String, u32)>> {
        let quantities = self.features.iter().map(|(feature, quantity)| {
            let name = field_name(feature);
            let mut given = fields.iter().filter(|(field, _)| *field == name);
            let text = given.next().map(|(_, text)| text.as_str());
            // Two different answers to one question are no answer.
            if given.any(|(_, other)| Some(other.as_str()) != text) {
                return None;
            }
            Some((feature.clone(), quantity.choose(text)?))
        });
        quantities.collect()
    }

    /// Returns the plan with these quantities.
    pub(super) fn plan_with(&self, quantities: &[(String, u32)]) -> CheckoutPlan {
        let plan = self.plan.clone();
        quantities.iter().fold(plan, |plan, (feature, quantity)| {
            plan.quantity(feature, *quantity)
        })
    }

    /// Returns a message for each invalid part of the offer.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems: Vec<_> = self
            .features
            .iter()
            .filter(|(_, quantity)| quantity.is_empty())
            .map(|(feature, _)| format!("the quantity of {feature:?} is an empty range"))
            .collect();
        let least: Vec<_> = self
            .features
            .iter()
            .map(|(feature, quantity)| (feature.clone(), quantity.least()))
            .collect();
        if let Err(error) = self.plan_with(&least).validate() {
            let errors = error.field_errors().iter();
            problems.extend(errors.map(|error| format!("{}: {}", error.field, error.message)));
        }
        problems
    }
}
