//! Comparing metadata with JSON that a test or a program has built.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Number, Value, value::RawValue};

use crate::json::RawObject;

/// Whether the text stands for the value. The text is walked only as deep as the value goes.
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
            // Of duplicate keys the last counts.
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
