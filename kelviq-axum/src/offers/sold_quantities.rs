//! The quantities that are sold.

use super::requested_quantities::field_name;

/// The quantity of each feature of an offer, in the order of the offer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SoldQuantities(Vec<(String, u32)>);

impl SoldQuantities {
    pub(super) fn get(&self, feature: &str) -> Option<u32> {
        let mut quantities = self.iter();
        quantities.find_map(|(name, quantity)| (name == feature).then_some(quantity))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0
            .iter()
            .map(|(feature, quantity)| (feature.as_str(), *quantity))
    }

    /// Returns a query string with the form fields that request the same quantities.
    pub(super) fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (feature, quantity) in self.iter() {
            query.append_pair(&field_name(feature), &quantity.to_string());
        }
        query.finish()
    }
}

impl FromIterator<(String, u32)> for SoldQuantities {
    fn from_iter<I: IntoIterator<Item = (String, u32)>>(quantities: I) -> Self {
        Self(quantities.into_iter().collect())
    }
}
