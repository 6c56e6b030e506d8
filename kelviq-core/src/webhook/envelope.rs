//! The envelope of an event.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::models::checkout_completed::CheckoutCompleted;
use crate::{
    json::{Key, Lenient, RawObject},
    model::Usual,
    time_text::TimeText,
};

/// The parts of an event's body. A part that is missing or of another type is `None`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Envelope<'a> {
    pub(super) header: Header,
    /// `data.object`.
    pub(super) object: Option<&'a str>,
    /// `data.previous_attributes`, also if it is null.
    pub(super) previous_attributes: Option<&'a str>,
}

/// The parts of an event's body beside `data`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Header {
    pub(super) id: Option<String>,
    /// `type`.
    pub(super) event_type: Option<String>,
    pub(super) created_at: Option<TimeText>,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope, or returns `None` if the body is not a JSON object.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        Self::read_usual(json).or_else(|| Self::read_any(json))
    }

    /// Reads the body in one pass. Returns `None` if a value has an unusual type, or a key is repeated.
    fn read_usual(json: &'a str) -> Option<Self> {
        let body: Body<'a, String, &RawValue> = read_body(json)?;
        Some(Self {
            header: Header::new(body.id, body.event_type, body.created_at),
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
            header: Header {
                id: body.get("id"),
                event_type: body.get("type"),
                created_at: body.get("created_at"),
            },
            object: data.raw("object"),
            previous_attributes: data.raw("previous_attributes"),
        })
    }
}

impl Header {
    fn new(id: String, event_type: String, created_at: Option<&RawValue>) -> Self {
        Self {
            id: Some(id),
            event_type: Some(event_type),
            created_at: created_at.and_then(|json| TimeText::read(json.get())),
        }
    }
}

/// Reads a `checkout.completed` in one pass. Returns `None` for an event of another type, if a value has an unusual type, or
/// if a key of the envelope is repeated.
pub(super) fn read_checkout(json: &str) -> Option<(Header, Box<CheckoutCompleted>)> {
    let body: Body<'_, CompletedType, Session> = read_body(json)?;
    let Session(session) = body.data.object?;
    let header = Header::new(body.id, CompletedType::NAME.to_owned(), body.created_at);
    Some((header, session?))
}

/// A session, unless it is null. Boxed at once, because it is large.
struct Session(Option<Box<CheckoutCompleted>>);

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Usual(session) = Usual::<Option<CheckoutCompleted>>::deserialize(deserializer)?;
        Ok(Self(session.map(Box::new)))
    }
}

fn read_body<'a, B: Deserialize<'a>>(json: &'a str) -> Option<B> {
    // A struct with derived `Deserialize` also accepts an array.
    json.starts_with('{')
        .then(|| serde_json::from_str(json).ok())?
}

/// The body of an event whose `type` is read as `T` and whose `data.object` is read as `O`.
#[derive(Deserialize)]
struct Body<'a, T, O> {
    id: String,
    #[serde(rename = "type")]
    event_type: T,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow, bound(deserialize = "O: Deserialize<'de>"))]
    data: Data<'a, O>,
}

/// The type `checkout.completed`.
struct CompletedType;

impl CompletedType {
    const NAME: &str = "checkout.completed";
}

impl<'de> Deserialize<'de> for CompletedType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Key::deserialize(deserializer)? {
            Key(name) if name == Self::NAME => Ok(Self),
            _ => Err(D::Error::custom("another type")),
        }
    }
}

struct Data<'a, O> {
    object: Option<O>,
    previous_attributes: Option<&'a RawValue>,
}

impl<'de: 'a, 'a, O: Deserialize<'de>> Deserialize<'de> for Data<'a, O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataVisitor(PhantomData))
    }
}

struct DataVisitor<O>(PhantomData<O>);

impl<'de, O: Deserialize<'de>> Visitor<'de> for DataVisitor<O> {
    type Value = Data<'de, O>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut object, mut previous_attributes) = (None, None);
        while let Some(Key(key)) = map.next_key()? {
            // The last of several duplicate keys counts.
            match &*key {
                "object" => object = Some(map.next_value()?),
                "previous_attributes" => previous_attributes = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Data {
            object,
            previous_attributes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::{event_body::EventBody, event_object::sealed::FromJson};

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

    #[test]
    fn a_checkout_is_read_in_one_pass_as_from_its_parts() {
        const SESSION: &str = r#"{"id":"cs_1","amount":"10.00","metadata":{"a":1}}"#;
        let event = |fields: &str| format!(r#"{{"id":"evt_1",{fields}}}"#);
        let checkout = |data: &str| event(&format!(r#""type":"checkout.completed","data":{data}"#));
        for (json, is_usual) in [
            (checkout(&format!(r#"{{"object":{SESSION}}}"#)), true),
            (
                checkout(&format!(
                    r#"{{"object":7,"new":[1],"object":{SESSION},"previous_attributes":{{}}}}"#
                )),
                false,
            ),
            (
                event(&format!(
                    r#""data":{{"object":{SESSION}}},"type":"checkout\u002ecompleted","created_at":"2026-04-01""#
                )),
                true,
            ),
            (checkout(r#"{"object":{}}"#), true),
            (checkout(r#"{"object":{"metadata":[1]}}"#), true),
            (checkout(r#"{"object":{"id":1001}}"#), false),
            (checkout(r#"{"object":null}"#), false),
            (checkout("{}"), false),
            (checkout(&format!("[{SESSION}]")), false),
            (
                event(&format!(
                    r#""type":"order.created","data":{{"object":{SESSION}}}"#
                )),
                false,
            ),
            (r#" {"type":"checkout.completed"}"#.to_owned(), false),
        ] {
            let body = EventBody::new(json.as_bytes());
            let in_one_pass = read_checkout(&json);
            assert_eq!(in_one_pass.is_some(), is_usual, "{json}");
            if let Some((header, session)) = in_one_pass {
                assert_eq!(header, body.envelope().unwrap().header, "{json}");
                let object = body.object().unwrap();
                assert_eq!(*session, CheckoutCompleted::from_json(object), "{json}");
            }
        }
    }
}
