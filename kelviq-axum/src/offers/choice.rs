//! What a buyer has chosen.

use std::fmt;

/// The choice of a buyer, validated against the offer: the quantity of each feature and the text of each field, in the order of
/// the offer.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Choice {
    pub(super) quantities: Vec<(String, u32)>,
    /// Without the fields that the form does not have.
    pub(super) texts: Vec<(String, String)>,
}

impl Choice {
    pub(super) fn quantity(&self, feature: &str) -> Option<u32> {
        let mut quantities = self.quantities.iter();
        quantities.find_map(|(name, quantity)| (name == feature).then_some(*quantity))
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        let mut texts = self.texts.iter();
        texts.find_map(|(name, text)| (name == field).then_some(text.as_str()))
    }

    /// Appends a query string with the form fields of the same choice to a path, unless there are none.
    pub(super) fn append_query(&self, mut path: String) -> String {
        if self.quantities.is_empty() && self.texts.is_empty() {
            return path;
        }
        path.push('?');
        let start = path.len();
        let mut query = form_urlencoded::Serializer::for_suffix(path, start);
        for (feature, quantity) in &self.quantities {
            query.append_pair(&quantity_field(feature), &quantity.to_string());
        }
        for (name, text) in &self.texts {
            query.append_pair(name, text);
        }
        query.finish()
    }
}

/// Omits the texts, which can be personal.
impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.texts.iter().map(|(name, _)| name).collect();
        f.debug_struct("Choice")
            .field("quantities", &self.quantities)
            .field("fields", &fields)
            .finish()
    }
}

/// Returns the name of the form field with the quantity of a feature.
pub(super) fn quantity_field(feature: &str) -> String {
    format!("quantity[{feature}]")
}
