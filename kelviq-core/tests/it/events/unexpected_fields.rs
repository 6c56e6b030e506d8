//! Unexpected fields, which affect neither the type of an event nor its other fields.
//!
//! Each test applies one change to every field of every fixture, at every depth.

use std::mem::discriminant;

use kelviq_core::{ErrorKind, EventData};
use serde_json::Value;

use crate::events::fixtures::{FIXTURES, data, deliver, event, event_about};

const REQUIRED: &[&str] = &["id", "type", "data", "data.object"];
const KEPT_AS_TEXT: &[&str] = &["features", "details", "metadata"];
const OF_EVERY_TYPE: &[&str] = &["null", "true", "7", "\"text\"", "[1]", "{}"];
const ENUMERATIONS: &[&str] = &[
    "status",
    "checkout_type",
    "billing_type",
    "reason",
    "feature_type",
    "threshold_type",
];

/// A field of a fixture, with methods that return a changed body.
struct Field<'a> {
    body: &'a Value,
    path: Vec<String>,
    value: &'a Value,
}

impl Field<'_> {
    fn name(&self) -> &str {
        &self.path[self.path.len() - 1]
    }

    /// Whether it is part of the deserialized data, rather than of the envelope or the previous attributes.
    fn is_read(&self) -> bool {
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        matches!(*path, ["data", "object", name, ..] if name != "object")
    }

    /// Whether it is inside JSON that is kept as text.
    fn is_inside_text(&self) -> bool {
        let (_, parents) = self.path.split_last().unwrap();
        parents.iter().any(|name| KEPT_AS_TEXT.contains(&&**name))
    }

    /// Whether it can be any JSON. Metadata must be an object.
    fn is_of_any_shape(&self) -> bool {
        KEPT_AS_TEXT.contains(&self.name()) && self.name() != "metadata"
    }

    fn is_checkout_metadata(&self) -> bool {
        self.name() == "metadata" && self.body["type"] == "checkout.completed"
    }

    /// The body without the field.
    fn dropped(&self) -> String {
        self.with(|_, _| None)
    }

    /// The body with other JSON as the value of the field.
    fn replaced(&self, json: &str) -> String {
        self.with(|key, _| Some(format!("{key}:{json}")))
    }

    /// The body with the field's key and JSON replaced by the result of `edit`.
    fn with(&self, edit: impl Fn(&str, &str) -> Option<String>) -> String {
        fn object(
            value: &Value,
            path: &[String],
            edit: &dyn Fn(&str, &str) -> Option<String>,
        ) -> String {
            let Some((target, rest)) = path.split_first() else {
                return value.to_string();
            };
            let entries = value.as_object().unwrap().iter();
            let entries: Vec<_> = entries
                .filter_map(|(name, child)| {
                    let key = Value::from(&**name).to_string();
                    match name == target {
                        true if rest.is_empty() => edit(&key, &child.to_string()),
                        true => Some(format!("{key}:{}", object(child, rest, edit))),
                        false => Some(format!("{key}:{child}")),
                    }
                })
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        object(self.body, &self.path, &edit)
    }
}

/// Calls `test` with every optional field and with the data of the unchanged body.
fn for_every_field(mut test: impl FnMut(&Field<'_>, &EventData)) {
    for (_, body) in FIXTURES {
        let body: Value = serde_json::from_str(body).unwrap();
        let whole = data(&body.to_string());
        for field in fields(&body, &body, &[]) {
            if !REQUIRED.contains(&&*field.path.join(".")) {
                test(&field, &whole);
            }
        }
    }
}

fn fields<'a>(body: &'a Value, object: &'a Value, path: &[String]) -> Vec<Field<'a>> {
    let entries = object.as_object().into_iter().flatten();
    entries
        .flat_map(|(name, value)| {
            let path = [path, std::slice::from_ref(name)].concat();
            let mut all = fields(body, value, &path);
            all.push(Field { body, path, value });
            all
        })
        .collect()
}

#[track_caller]
fn assert_same_type(body: &str, whole: &EventData) -> EventData {
    let data = data(body);
    assert_eq!(discriminant(&data), discriminant(whole), "{body:.2000}");
    data
}

#[test]
fn a_field_that_is_missing_is_none_and_every_field_is_read() {
    for_every_field(|field, whole| {
        let data = assert_same_type(&field.dropped(), whole);
        assert_eq!(data != *whole, field.is_read(), "{:?}", field.path);
    });
}

#[test]
fn a_field_that_is_null_reads_like_a_missing_one() {
    for_every_field(|field, whole| {
        let nulled = assert_same_type(&field.replaced("null"), whole);
        if !field.is_inside_text() {
            assert_eq!(nulled, data(&field.dropped()), "{:?}", field.path);
        }
    });
}

#[test]
fn a_field_of_another_json_type_reads_like_a_missing_one_except_a_number_for_a_string() {
    for_every_field(|field, whole| {
        for other in &OF_EVERY_TYPE[1..] {
            let other_value: Value = serde_json::from_str(other).unwrap();
            if discriminant(&other_value) == discriminant(field.value) {
                continue;
            }
            let mismatched = assert_same_type(&field.replaced(other), whole);
            let missing = data(&field.dropped());
            let is_number_for_text = field.value.is_string() && other_value.is_number();
            if !field.is_read() {
                assert_eq!(mismatched, *whole, "{:?} {other}", field.path);
            } else if field.is_of_any_shape() || is_number_for_text || field.is_checkout_metadata()
            {
                assert_ne!(mismatched, missing, "{:?} {other}", field.path);
            } else if !field.is_inside_text() {
                assert_eq!(mismatched, missing, "{:?} {other}", field.path);
            }
        }
    });
}

#[test]
fn an_unknown_field_changes_nothing() {
    for_every_field(|field, whole| {
        let beside = |key: &str, json: &str| {
            Some(format!(r#""brand_new":{{"id":[1]}},{key}:{json},"":null"#))
        };
        let data = assert_same_type(&field.with(beside), whole);
        if !field.is_inside_text() {
            assert_eq!(data, *whole, "{:?}", field.path);
        }
    });
}

#[test]
fn the_last_of_duplicate_fields_counts() {
    for_every_field(|field, whole| {
        for other in OF_EVERY_TYPE {
            let before = field.with(|key, json| Some(format!("{key}:{other},{key}:{json}")));
            let after = field.with(|key, json| Some(format!("{key}:{json},{key}:{other}")));
            let before = assert_same_type(&before, whole);
            let after = assert_same_type(&after, whole);
            if !field.is_inside_text() {
                assert_eq!(before, *whole, "{:?} {other}", field.path);
                assert_eq!(
                    after,
                    data(&field.replaced(other)),
                    "{:?} {other}",
                    field.path
                );
            }
        }
    });
}

#[test]
fn a_new_value_of_an_enumeration_is_kept() {
    let mut seen = Vec::new();
    for_every_field(|field, whole| {
        let data = assert_same_type(&field.replaced("\"brand-new\""), whole);
        let is_enumeration = field.is_read() && ENUMERATIONS.contains(&field.name());
        let shown = format!("{data:?}");
        assert_eq!(
            shown.contains(r#"Other("brand-new")"#),
            is_enumeration,
            "{:?}",
            field.path
        );
        if is_enumeration {
            seen.push(field.name().to_owned());
        }
    });
    assert!(
        ENUMERATIONS
            .iter()
            .all(|name| seen.iter().any(|seen| seen == name))
    );
}

#[test]
fn only_id_and_type_are_required() {
    let missing = |body: &str| deliver(body).unwrap_err().kind();
    for (event_type, _) in FIXTURES {
        for body in [
            format!(r#"{{"type":"{event_type}","data":{{"object":{{}}}}}}"#),
            format!(r#"{{"id":"","type":"{event_type}","data":{{"object":{{}}}}}}"#),
            format!(r#"{{"id":[7],"type":"{event_type}","data":{{"object":{{}}}}}}"#),
            r#"{"id":"evt_1","data":{"object":{}}}"#.to_owned(),
            r#"{"id":"evt_1","type":null,"data":{"object":{}}}"#.to_owned(),
        ] {
            assert_eq!(missing(&body), ErrorKind::WebhookPayload, "{body}");
        }
    }
}

#[test]
fn a_missing_object_reads_like_an_empty_one() {
    for (event_type, _) in FIXTURES {
        let empty: EventData = event_about(event_type, "{}").data();
        for rest in [
            "",
            r#","data":null"#,
            r#","data":[]"#,
            r#","data":{}"#,
            r#","data":{"previous_attributes":{"name":"A"}}"#,
        ] {
            let event = event(&format!(r#"{{"id":"evt_1","type":"{event_type}"{rest}}}"#));
            assert_eq!(event.object_json(), "{}");
            assert_eq!(event.data(), empty, "{rest}");
            assert_eq!(
                event.previous_attributes_json().is_some(),
                rest.contains("prev")
            );
        }
    }
    let unknown = event(r#"{"id":"evt_1","type":"brand.new"}"#);
    let EventData::Other { object, .. } = unknown.data() else {
        panic!("expected an unknown type");
    };
    assert_eq!(object.as_json(), "{}");
}

#[test]
fn json_other_than_an_object_reads_like_an_empty_object() {
    for (event_type, body) in FIXTURES {
        let read = |object: &str| event_about(event_type, object).data();
        let empty: EventData = read("{}");
        assert_eq!(discriminant(&empty), discriminant(&data(body)));
        for object in ["null", "true", "7", "\"text\"", "[{}]"] {
            assert_eq!(empty, read(object), "{event_type} {object}");
        }
    }
}

#[test]
fn a_type_that_is_not_known_is_kept_with_its_object() {
    let body = r#"{"id":"evt_1","type":"charge.completed","data":{"object":{ "id" : 1.10 }}}"#;
    let EventData::Other { event_type, object } = data(body) else {
        panic!("expected charge.completed to be unknown");
    };
    assert_eq!(event_type.as_str(), "charge.completed");
    assert_eq!(object.as_json(), r#"{ "id" : 1.10 }"#);
    assert_eq!(event(body).as_json(), body);
}
