//! The fields of a buyer's form.

use std::{collections::BTreeMap, fmt};

/// The fields of a buyer's form by name, as text and not validated yet: `quantity[…]` for each feature whose quantity the
/// buyer chooses, and the fields that the offer [allows](crate::Offer::field).
///
/// [`Offers::sell`](crate::Offers::sell) validates them against the offer. Fields that the offer does not have are ignored.
/// If a field is added twice with different texts, it is invalid.
///
/// ```
/// use kelviq_axum::FormFields;
///
/// let mut fields = FormFields::new();
/// fields.insert("quantity[seats]", "7");
///
/// let same = FormFields::from_iter([("quantity[seats]", "7")]);
/// assert_eq!(fields, same);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormFields(BTreeMap<String, Field>);

#[derive(Clone, PartialEq, Eq)]
enum Field {
    Text(String),
    /// The field was added with different texts.
    Conflict,
}

/// A field was added with different texts.
pub(super) struct ConflictingTexts;

impl FormFields {
    /// Creates a form without fields, which requests the minimum of each feature.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let text = Field::Text(text.into());
        self.0
            .entry(name.into())
            .and_modify(|field| {
                if *field != text {
                    *field = Field::Conflict;
                }
            })
            .or_insert(text);
    }

    /// Returns the text of a field.
    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, ConflictingTexts> {
        match self.0.get(name) {
            Some(Field::Text(text)) => Ok(Some(text)),
            Some(Field::Conflict) => Err(ConflictingTexts),
            None => Ok(None),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, T: Into<String>> Extend<(N, T)> for FormFields {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, fields: I) {
        for (name, text) in fields {
            self.insert(name, text);
        }
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for FormFields {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(fields: I) -> Self {
        let mut form = Self::new();
        form.extend(fields);
        form
    }
}

/// Omits the texts, which can be personal.
impl fmt::Debug for FormFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
