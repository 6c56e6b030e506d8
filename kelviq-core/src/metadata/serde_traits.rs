//! Metadata as a field of a type that derives the traits of serde.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

use super::object::Metadata;

/// Writes the text unchanged. Requires `serde_json`, or a crate that uses it.
impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = serde_json::from_str(self.as_json()).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

/// Reads a JSON object and keeps its text. Requires `serde_json`, or a crate that uses it.
impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(Box::<str>::from(json)).map_err(D::Error::custom)
    }
}
