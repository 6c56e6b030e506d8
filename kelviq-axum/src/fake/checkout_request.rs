//! Validation of the body of `POST /checkout/`.

use std::collections::BTreeMap;

use kelviq_core::Metadata;
use serde_json::{Map, Value, json, value::RawValue};

use super::fields::{FIELDS, Presence};

/// A valid request for a checkout session.
pub(super) struct CheckoutRequest {
    /// The fields by camelCase name, without the metadata. Unknown fields have their original names.
    pub(super) fields: Map<String, Value>,
    pub(super) metadata: Metadata,
    /// The names of the fields that Kelviq does not document.
    pub(super) unknown: Vec<String>,
}

/// Validates a request body. Field names may be camelCase or `snake_case`.
///
/// # Errors
///
/// Returns the body of the 400 response, with an entry for each invalid field.
pub(super) fn validate(body: &str) -> Result<CheckoutRequest, Value> {
    if serde_json::from_str::<&RawValue>(body).is_err() {
        return Err(json!({"detail": "The body is not JSON."}));
    }
    // The last of several equal keys counts.
    let Ok(body) = serde_json::from_str::<BTreeMap<String, &RawValue>>(body) else {
        return Err(json!({"nonFieldErrors": ["The body must be a JSON object."]}));
    };

    let mut errors = Map::new();
    let mut given = BTreeMap::new();
    for (name, value) in &body {
        let field = field_name(name);
        if given.insert(field, value.get()).is_some() {
            errors.insert(
                field.into(),
                json!(["Must not be present in both camelCase and snake_case."]),
            );
        }
    }
    for field in FIELDS {
        let error = match (given.get(field.name), field.presence) {
            (None | Some(&"null"), Presence::Nullable) => None,
            (None, Presence::Required) => Some(json!(["Required."])),
            (Some(&"null"), Presence::Required) => Some(json!(["Must not be null."])),
            (Some(json), _) => field.kind.validate(json).err(),
        };
        if let Some(error) = error {
            errors.entry(field.name).or_insert(error);
        }
    }
    let is_given = |name| given.get(name).is_some_and(|json| *json != "null");
    if is_given("customAmount") {
        for name in ["taxBehavior", "currencyCode"] {
            if !is_given(name) {
                errors.insert(name.into(), json!(["Required with customAmount."]));
            }
        }
    }

    let metadata = match given.remove("metadata") {
        None | Some("null") => Metadata::new(),
        Some(json) => Metadata::from_json(json).unwrap_or_else(|_| {
            errors
                .entry("metadata")
                .or_insert(json!(["Must be an object with Unicode keys."]));
            Metadata::new()
        }),
    };
    if !errors.is_empty() {
        return Err(Value::Object(errors));
    }

    let mut request = CheckoutRequest {
        fields: Map::new(),
        metadata,
        unknown: Vec::new(),
    };
    for (field, json) in given {
        if FIELDS.iter().all(|known| known.name != field) {
            request.unknown.push(field.to_owned());
        }
        // An unknown field may contain JSON that a `Value` cannot represent, such as 1e999.
        let value = serde_json::from_str(json).unwrap_or_else(|_| json.into());
        request.fields.insert(field.to_owned(), value);
    }
    Ok(request)
}

/// Returns the camelCase name of a documented field, given in camelCase or `snake_case`. Returns other names unchanged.
fn field_name(name: &str) -> &str {
    let known = FIELDS
        .iter()
        .find(|field| name == field.name || name == snake_case(field.name));
    known.map_or(name, |field| field.name)
}

/// Converts `successUrl` to `success_url`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
