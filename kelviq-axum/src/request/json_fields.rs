//! The fields of a JSON body.

use std::fmt;

use kelviq_core::CheckoutProblem;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// Reads a JSON object of strings and integers, such as `{"quantity[seats]": 5}`. Duplicate names are kept, as in a form.
pub(super) fn json_fields(json: &[u8]) -> Result<Vec<(String, String)>, CheckoutProblem> {
    let fields = serde_json::from_slice(json).map_err(|_| CheckoutProblem::InvalidBody)?;
    let Fields(fields) = fields;
    Ok(fields)
}

struct Fields(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings and integers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            let value = text(value.get());
            fields.push((
                name,
                value.ok_or_else(|| A::Error::custom("invalid value"))?,
            ));
        }
        Ok(Fields(fields))
    }
}

/// Returns the text of a string, or of an integer. Works with every feature of `serde_json`, some of which change how
/// numbers are deserialized.
fn text(json: &str) -> Option<String> {
    if json.starts_with('"') {
        return serde_json::from_str(json).ok();
    }
    let digits = json.strip_prefix('-').unwrap_or(json);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then(|| json.to_owned())
}
