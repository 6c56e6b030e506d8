//! JSON that is kept as text, because parsing it would change numbers and the order of keys.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

/// Serializes an object with a field added whose value is JSON text.
pub(super) fn with_raw_field(object: &Value, name: &str, json: &str) -> String {
    let object = object.to_string();
    let name = Value::from(name);
    match object.strip_prefix('{') {
        Some("}") | None => format!("{{{name}:{json}}}"),
        Some(fields) => format!("{{{name}:{json},{fields}"),
    }
}

/// Converts the keys of objects from `snake_case` to camelCase, except in metadata.
pub(super) fn with_camel_case_keys(json: &str) -> String {
    if let Ok(object) = serde_json::from_str::<BTreeMap<String, &RawValue>>(json) {
        let fields: Vec<_> = object
            .iter()
            .map(|(key, value)| {
                let value = match &**key {
                    "metadata" => value.get().to_owned(),
                    _ => with_camel_case_keys(value.get()),
                };
                format!("{}:{value}", Value::from(camel_case(key)))
            })
            .collect();
        return format!("{{{}}}", fields.join(","));
    }
    match serde_json::from_str::<Vec<&RawValue>>(json) {
        Ok(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| with_camel_case_keys(item.get()))
                .collect();
            format!("[{}]", items.join(","))
        }
        Err(_) => json.to_owned(),
    }
}

fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut after_underscore = false;
    for letter in name.chars() {
        if letter == '_' {
            after_underscore = true;
        } else if after_underscore {
            camel.push(letter.to_ascii_uppercase());
            after_underscore = false;
        } else {
            camel.push(letter);
        }
    }
    camel
}
