//! One offer.

use kelviq_core::{ChargePeriod, CreateCheckoutSession};

use super::Quantity;

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

    /// The quantity of each feature; `None` when the form has one that the offer does not allow.
    pub(super) fn quantities(&self, fields: &[(String, String)]) -> Option<Vec<(&str, u32)>> {
        let quantities = self.features.iter().map(|(feature, quantity)| {
            let name = format!("quantity[{feature}]");
            let mut given = fields.iter().filter(|(field, _)| *field == name);
            let text = given.next().map(|(_, text)| text.as_str());
            // Two different answers to one question are no answer.
            if given.any(|(_, other)| Some(other.as_str()) != text) {
                return None;
            }
            Some((feature.as_str(), quantity.choose(text)?))
        });
        quantities.collect()
    }

    /// The request, complete but for its URLs and buyer.
    pub(super) fn request(&self, quantities: &[(&str, u32)]) -> CreateCheckoutSession {
        let request = self.request.clone();
        quantities
            .iter()
            .fold(request, |request, (feature, quantity)| {
                request.feature(*feature, *quantity)
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
            .map(|(feature, quantity)| (feature.as_str(), quantity.least()))
            .collect();
        if let Err(error) = self.request(&least).success_url(success_url).to_json() {
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
