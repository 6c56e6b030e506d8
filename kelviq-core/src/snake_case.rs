//! Conversion of the keys of Kelviq's REST API, which are in camelCase, to the `snake_case` of webhooks.

use serde_json::value::RawValue;

use crate::json::{ObjectWriter, RawObject};

/// Maximum depth of objects and arrays whose keys are converted. Kelviq's own objects are less than half as deep.
const MAX_DEPTH: u32 = 16;

/// The keys whose values are data of the application, and are kept as they are.
const VERBATIM: [&str; 2] = ["metadata", "details"];

/// Converts the keys of objects, at every level, from camelCase to `snake_case`.
///
/// If an object has both, the entry that was in `snake_case` counts. Values keep their text. Text that is neither an object
/// nor an array is returned unchanged.
pub(crate) fn with_snake_case_keys(json: &str) -> String {
    convert(json, MAX_DEPTH)
}

fn convert(json: &str, depth: u32) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return json.to_owned();
    };
    if let Some(object) = RawObject::parse_lenient(json) {
        return convert_object(&object, depth);
    }
    match serde_json::from_str::<Vec<&RawValue>>(json) {
        Ok(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| convert(item.get(), depth))
                .collect();
            format!("[{}]", items.join(","))
        }
        Err(_) => json.to_owned(),
    }
}

fn convert_object(object: &RawObject<'_>, depth: u32) -> String {
    let mut writer = ObjectWriter::default();
    for (key, value) in object.entries() {
        let converted = snake_case(key);
        let key = match &converted {
            Some(snake) if object.raw(snake).is_some() => continue,
            Some(snake) => snake,
            None => &**key,
        };
        if VERBATIM.contains(&key) {
            writer.raw_field(key, value.get());
        } else {
            writer.raw_field(key, &convert(value.get(), depth));
        }
    }
    writer.finish()
}

/// Returns the `snake_case` of a camelCase name. Returns `None` for any other text.
fn snake_case(name: &str) -> Option<String> {
    let is_camel_case = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name.bytes().any(|byte| byte.is_ascii_uppercase());
    is_camel_case.then(|| {
        let mut snake = String::with_capacity(name.len() + 4);
        for letter in name.chars() {
            if letter.is_ascii_uppercase() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
        snake
    })
}
