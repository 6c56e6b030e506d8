//! The quantities that a buyer requests.

use std::collections::BTreeMap;

use kelviq_core::CheckoutProblem;

/// The quantities that a buyer requests, by feature, as text and not validated yet.
///
/// [`Offers::sell`](crate::Offers::sell) validates them against the offer. Features that the offer does not have are
/// ignored. If a feature is added twice with different texts, its quantity is invalid.
///
/// ```
/// use kelviq_axum::RequestedQuantities;
///
/// let mut quantities = RequestedQuantities::new();
/// quantities.insert("seats", "7");
///
/// let same = RequestedQuantities::from_iter([("seats", "7")]);
/// assert_eq!(quantities, same);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedQuantities(BTreeMap<String, Requested>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requested {
    Text(String),
    /// The feature was added with different texts.
    Conflict,
}

impl RequestedQuantities {
    /// Creates an empty set, which requests the minimum of each feature.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the quantity of a feature.
    pub fn insert(&mut self, feature: impl Into<String>, quantity: impl Into<String>) {
        let quantity = Requested::Text(quantity.into());
        self.0
            .entry(feature.into())
            .and_modify(|requested| {
                if *requested != quantity {
                    *requested = Requested::Conflict;
                }
            })
            .or_insert(quantity);
    }

    /// Reads the fields `quantity[feature]` of a form. Other fields are ignored.
    pub(super) fn from_form(fields: Vec<(String, String)>) -> Self {
        let mut quantities = Self::new();
        let mut ignored = Vec::new();
        for (name, value) in fields {
            match feature_of(&name) {
                Some(feature) => quantities.insert(feature, value),
                None => ignored.push(name),
            }
        }
        if !ignored.is_empty() {
            tracing::debug!(?ignored, "ignored form fields that are not quantities");
        }
        quantities
    }

    /// Returns the requested text, or an error for conflicting duplicates.
    pub(super) fn get(&self, feature: &str) -> Result<Option<&str>, CheckoutProblem> {
        match self.0.get(feature) {
            Some(Requested::Text(text)) => Ok(Some(text)),
            Some(Requested::Conflict) => Err(CheckoutProblem::InvalidQuantity),
            None => Ok(None),
        }
    }

    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<F: Into<String>, Q: Into<String>> Extend<(F, Q)> for RequestedQuantities {
    fn extend<I: IntoIterator<Item = (F, Q)>>(&mut self, quantities: I) {
        for (feature, quantity) in quantities {
            self.insert(feature, quantity);
        }
    }
}

impl<F: Into<String>, Q: Into<String>> FromIterator<(F, Q)> for RequestedQuantities {
    fn from_iter<I: IntoIterator<Item = (F, Q)>>(quantities: I) -> Self {
        let mut requested = Self::new();
        requested.extend(quantities);
        requested
    }
}

/// Returns the name of the form field with the quantity of a feature.
pub(super) fn field_name(feature: &str) -> String {
    format!("quantity[{feature}]")
}

/// Returns the feature of a form field, the inverse of [`field_name`].
fn feature_of(field_name: &str) -> Option<&str> {
    field_name.strip_prefix("quantity[")?.strip_suffix(']')
}
