//! One offer.

use std::collections::HashMap;

use kelviq_core::{ChargePeriod, CheckoutProblem, CreateCheckoutSession, CustomAmount};
use serde_json::value::RawValue;

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
#[derive(Clone, Debug)]
#[must_use]
pub struct Offer {
    // Complete but for its URLs, buyer and quantities.
    request: CreateCheckoutSession,
    features: Vec<(String, Quantity)>,
}

impl Offer {
    /// A plan by its identifier at Kelviq, charged once or for each period.
    pub fn plan(identifier: impl Into<String>, charge_period: ChargePeriod) -> Self {
        Self {
            request: CreateCheckoutSession::new(identifier, charge_period, ""),
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
        self.with(|request| request.discount_code(discount_code))
    }

    /// `customAmount` with its currency and tax behaviour, instead of the plan's price.
    pub fn custom_amount(self, custom_amount: CustomAmount) -> Self {
        self.with(|request| request.custom_amount(custom_amount))
    }

    /// `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    pub fn default_billing_country(self, country: impl Into<String>) -> Self {
        self.with(|request| request.default_billing_country(country))
    }

    /// Sets any other field of the request, e.g. `.with(|request| request.trial_period(14))`.
    ///
    /// The success URL is set for each sale, whatever is set here. An offer that sets another URL, the customer, the
    /// metadata or an address is refused by `build`.
    pub fn with(
        mut self,
        change: impl FnOnce(CreateCheckoutSession) -> CreateCheckoutSession,
    ) -> Self {
        self.request = change(self.request);
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

    /// The request, complete but for its URLs and buyer.
    pub(super) fn request(&self, quantities: &[(String, u32)]) -> CreateCheckoutSession {
        let request = self.request.clone();
        quantities
            .iter()
            .fold(request, |request, (feature, quantity)| {
                request.feature(feature, *quantity)
            })
    }

    /// What does not hold.
    pub(super) fn problems(&self, success_url: &str) -> Vec<String> {
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
        let request = self.request(&least).success_url(success_url).to_json();
        let json = request.as_deref().unwrap_or("{}");
        let set: HashMap<&str, &RawValue> = serde_json::from_str(json).unwrap_or_default();
        for field in ["customerId", "cancelUrl", "metadata", "ipAddress"] {
            if set.contains_key(field) {
                problems.push(format!("{field} is not the offer's to set"));
            }
        }
        if let Err(error) = request {
            problems.extend(
                error
                    .field_errors()
                    .iter()
                    .map(|error| format!("{}: {}", error.field, error.message)),
            );
        }
        problems
    }
}
