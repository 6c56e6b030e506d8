//! Comparing metadata with a `serde_json::Value`.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Number, Value, value::RawValue};

use crate::json::RawObject;

/// Returns `true` if the JSON text equals `value`. The text is parsed only as deep as `value` is nested.
pub(super) fn is_same(json: &str, value: &Value) -> bool {
    match value {
        Value::Null => json == "null",
        Value::Bool(value) => json == if *value { "true" } else { "false" },
        Value::Number(value) => {
            serde_json::from_str::<Number>(json).is_ok_and(|number| number == *value)
        }
        Value::String(value) => {
            serde_json::from_str::<Cow<'_, str>>(json).is_ok_and(|text| text == *value)
        }
        Value::Array(values) => serde_json::from_str::<Vec<&RawValue>>(json).is_ok_and(|items| {
            let mut pairs = items.iter().zip(values);
            items.len() == values.len() && pairs.all(|(item, value)| is_same(item.get(), value))
        }),
        Value::Object(map) => RawObject::parse(json).is_ok_and(|object| {
            // Collecting keeps the last of several duplicate keys.
            let entries: BTreeMap<_, _> = object
                .entries()
                .iter()
                .map(|(key, value)| (&**key, value.get()))
                .collect();
            entries.len() == map.len()
                && map.iter().all(|(key, value)| {
                    entries.get(&**key).is_some_and(|json| is_same(json, value))
                })
        }),
    }
}
