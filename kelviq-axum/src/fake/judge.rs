//! Whether a body is a checkout request that Kelviq would take.

use std::collections::BTreeMap;

use kelviq_core::Metadata;
use serde_json::{Map, Value, json, value::RawValue};

use super::fields::{FIELDS, Presence};

/// A request that holds.
pub(super) struct Accepted {
    /// By camelCase name, without the metadata.
    pub(super) fields: Map<String, Value>,
    pub(super) metadata: Metadata,
    /// Names that the documentation does not have, as they came.
    pub(super) unknown: Vec<String>,
}

/// Takes camelCase and `snake_case` names, and leaves the metadata alone; else gives the body of the 400.
pub(super) fn judge(body: &str) -> Result<Accepted, Value> {
    if serde_json::from_str::<&RawValue>(body).is_err() {
        return Err(json!({"detail": "The body is not JSON."}));
    }
    // Of two equal keys the last counts.
    let Ok(body) = serde_json::from_str::<BTreeMap<String, &RawValue>>(body) else {
        return Err(json!({"nonFieldErrors": ["The body must be a JSON object."]}));
    };

    let mut refusals = Map::new();
    let mut given = BTreeMap::new();
    for (name, value) in &body {
        let field = field_name(name);
        if given.insert(field, value.get()).is_some() {
            refusals.insert(field.into(), json!(["Given under two names."]));
        }
    }
    for field in FIELDS {
        let problem = match (given.get(field.name), field.presence) {
            (None | Some(&"null"), Presence::Nullable) => None,
            (None, Presence::Required) => Some(json!(["Required."])),
            (Some(&"null"), Presence::Required) => Some(json!(["Must not be null."])),
            (Some(json), _) => field.form.refuse(json),
        };
        if let Some(problem) = problem {
            refusals.entry(field.name).or_insert(problem);
        }
    }
    let is_given = |name| given.get(name).is_some_and(|json| *json != "null");
    if is_given("customAmount") {
        for name in ["taxBehavior", "currencyCode"] {
            if !is_given(name) {
                refusals.insert(name.into(), json!(["Required with customAmount."]));
            }
        }
    }

    let metadata = match given.remove("metadata") {
        None | Some("null") => Metadata::new(),
        Some(json) => Metadata::from_json(json).unwrap_or_else(|_| {
            refusals
                .entry("metadata")
                .or_insert(json!(["Must be an object with Unicode keys."]));
            Metadata::new()
        }),
    };
    if !refusals.is_empty() {
        return Err(Value::Object(refusals));
    }

    let mut accepted = Accepted {
        fields: Map::new(),
        metadata,
        unknown: Vec::new(),
    };
    for (field, json) in given {
        if FIELDS.iter().all(|known| known.name != field) {
            accepted.unknown.push(field.to_owned());
        }
        // Unknown fields may hold JSON that is beyond a `Value`, such as 1e999.
        let value = serde_json::from_str(json).unwrap_or_else(|_| json.into());
        accepted.fields.insert(field.to_owned(), value);
    }
    Ok(accepted)
}

/// The documented field that a name stands for, in camelCase or `snake_case`; any other name stands for itself.
fn field_name(name: &str) -> &str {
    let known = FIELDS
        .iter()
        .find(|field| name == field.name || name == snake_case(field.name));
    known.map_or(name, |field| field.name)
}

/// `successUrl` as `success_url`.
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
