//! The fields of a request body.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json, value::RawValue};
use tracing::warn;

use super::fields::{Field, Presence};

/// A JSON object whose fields have been validated with a table.
pub(super) struct RequestBody<'a> {
    table: &'static [Field],
    /// The JSON texts of the values by camelCase name. Unknown fields have their original names.
    given: BTreeMap<String, &'a str>,
    errors: Map<String, Value>,
}

impl<'a> RequestBody<'a> {
    /// Reads a body and validates its fields. Their names may be camelCase or `snake_case`.
    ///
    /// # Errors
    ///
    /// Returns the body of a 400 response if the body is not a JSON object. Errors of fields are returned by
    /// [`into_fields`](Self::into_fields), so that they can be combined with the caller's.
    pub(super) fn read(body: &'a str, table: &'static [Field]) -> Result<Self, Value> {
        if serde_json::from_str::<&RawValue>(body).is_err() {
            return Err(json!({"detail": "The body is not JSON."}));
        }
        // The last of several equal keys counts.
        let Ok(body) = serde_json::from_str::<BTreeMap<String, &RawValue>>(body) else {
            return Err(json!({"nonFieldErrors": ["The body must be a JSON object."]}));
        };
        let mut errors = Map::new();
        let mut given = BTreeMap::new();
        for (name, value) in body {
            let name = field_name(table, name);
            if given.insert(name.clone(), value.get()).is_some() {
                let error = json!(["Must not be present in both camelCase and snake_case."]);
                errors.insert(name, error);
            }
        }
        for field in table {
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
        Ok(Self {
            table,
            given,
            errors,
        })
    }

    /// Returns whether a field is present and not null.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.get(name).is_some_and(|json| *json != "null")
    }

    /// Sets the error of a field unless it has one.
    pub(super) fn set_error(&mut self, name: &str, error: Value) {
        self.errors.entry(name).or_insert(error);
    }

    /// Removes a field and returns its JSON text. `None` if it is missing or null.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a str> {
        self.given.remove(name).filter(|json| *json != "null")
    }

    /// Returns the fields.
    ///
    /// # Errors
    ///
    /// Returns the body of the 400 response, with an entry for each invalid field.
    pub(super) fn into_fields(self) -> Result<Map<String, Value>, Value> {
        if !self.errors.is_empty() {
            return Err(Value::Object(self.errors));
        }
        let fields = self.given.into_iter().map(|(name, json)| {
            if self.table.iter().all(|known| known.name != name) {
                warn!("request: unknown field {name:?} ignored");
            }
            // An unknown field may contain JSON that a `Value` cannot represent, such as 1e999.
            let value = serde_json::from_str(json).unwrap_or_else(|_| json.into());
            (name, value)
        });
        Ok(fields.collect())
    }
}

/// Returns the camelCase name of a documented field, given in camelCase or `snake_case`. Returns other names unchanged.
fn field_name(table: &[Field], name: String) -> String {
    let known = table
        .iter()
        .find(|field| name == field.name || name == snake_case(field.name));
    known.map_or(name, |field| field.name.to_owned())
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
