//! The envelope of an event.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    json::{Key, Lenient, RawObject},
    time_text::TimeText,
};

/// The parts of an event's body. A part that is missing or of another type is `None`.
#[derive(Debug, PartialEq)]
pub(super) struct Envelope<'a> {
    pub(super) id: Option<String>,
    /// `type`.
    pub(super) event_type: Option<String>,
    pub(super) created_at: Option<TimeText>,
    /// `data.object`.
    pub(super) object: Option<&'a str>,
    /// `data.previous_attributes`, also if it is null.
    pub(super) previous_attributes: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope, or returns `None` if the body is not a JSON object.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        Self::read_usual(json).or_else(|| Self::read_any(json))
    }

    /// Reads the body in one pass. Returns `None` if a value has an unusual type, or a key is repeated.
    fn read_usual(json: &'a str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body<'a> {
            id: String,
            #[serde(rename = "type")]
            event_type: String,
            #[serde(borrow)]
            created_at: Option<&'a RawValue>,
            #[serde(borrow)]
            data: Data<'a>,
        }
        // A struct with derived `Deserialize` also accepts an array.
        if !json.starts_with('{') {
            return None;
        }
        let body: Body<'a> = serde_json::from_str(json).ok()?;
        Some(Self {
            id: Some(body.id),
            event_type: Some(body.event_type),
            created_at: body.created_at.and_then(|json| TimeText::read(json.get())),
            object: body.data.object.map(RawValue::get),
            previous_attributes: body.data.previous_attributes.map(RawValue::get),
        })
    }

    /// Reads each part for itself.
    fn read_any(json: &'a str) -> Option<Self> {
        let body = RawObject::parse_lenient(json)?;
        let data = body.raw("data").and_then(RawObject::parse_lenient);
        let data = data.unwrap_or_default();
        Some(Self {
            id: body.get("id"),
            event_type: body.get("type"),
            created_at: body.get("created_at"),
            object: data.raw("object"),
            previous_attributes: data.raw("previous_attributes"),
        })
    }
}

#[derive(Default)]
struct Data<'a> {
    object: Option<&'a RawValue>,
    previous_attributes: Option<&'a RawValue>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut data = Data::default();
        while let Some(Key(key)) = map.next_key()? {
            // The last of several duplicate keys counts.
            match &*key {
                "object" => data.object = Some(map.next_value()?),
                "previous_attributes" => data.previous_attributes = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_reading_have_the_same_result() {
        let event = |fields: &str| format!(r#"{{"id":"evt_1","type":"order.created",{fields}}}"#);
        for (json, is_usual) in [
            (
                event(
                    r#""created_at":"2026-04-01","data":{"object":{"a":1},"previous_attributes":{}}"#,
                ),
                true,
            ),
            (
                event(r#""data" : { "obj\u0065ct" : [1] , "new" : "\ud800" } "#),
                true,
            ),
            (
                event(r#""data":{"object":1,"object":null,"previous_attributes":null}"#),
                true,
            ),
            (event(r#""created_at":null,"data":{}"#), true),
            (event(r#""data":[{"a":1},{}]"#), false),
            (event(r#""data":null"#), false),
            (event(r#""data":{"object":{}},"data":{}"#), false),
            (event(r#""created_at":7,"data":{"object":{}}"#), true),
            (event(r#""data":{"\ud800":1,"object":{}}"#), false),
            (event(r#""id":null,"data":{}"#), false),
            (r#"["evt_1","order.created",null,{}]"#.to_owned(), false),
            (
                r#" {"id":7,"type":"order.created","data":{}}"#.to_owned(),
                false,
            ),
            ("{}".to_owned(), false),
            ("7".to_owned(), false),
        ] {
            let usual = Envelope::read_usual(&json);
            assert_eq!(usual.is_some(), is_usual, "{json}");
            let any = Envelope::read_any(&json);
            assert!(usual.is_none() || usual == any, "{json}: {any:?}");
        }
    }
}
