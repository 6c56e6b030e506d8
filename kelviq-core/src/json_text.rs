//! JSON text of undocumented shape.

use std::fmt;

use crate::json::Lenient;

/// A JSON value whose shape Kelviq does not document, kept as its original text.
///
/// `Debug` redacts the text because it may contain personal data.
///
/// ```
/// use kelviq_core::EventData;
///
/// fn on_unknown(data: &EventData) -> serde_json::Result<()> {
///     if let EventData::Other { event_type, object } = data {
///         let object: serde_json::Value = serde_json::from_str(object.as_json())?;
///         println!("{event_type} about {}", object["id"]);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// Returns the JSON text, which `serde_json::from_str` can deserialize.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub(crate) fn new(json: &str) -> Self {
        Self(json.to_owned())
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonText([redacted])")
    }
}

impl Lenient for JsonText {
    fn read(json: &str) -> Option<Self> {
        Some(Self::new(json))
    }
}
