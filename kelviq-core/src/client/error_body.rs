//! Messages and field errors in the body of an error response.

use serde_json::value::RawValue;

use super::api_key::ApiKey;
use crate::{error::FieldError, json::RawObject};

/// The message and the field errors in the body of an error response.
///
/// Recognizes the formats of Kelviq and of its web framework: `{"message": "…"}`, `{"detail": "…"}`, `{"error": "…"}`,
/// `{"field": ["…"]}`, `{"field": "…"}`, nested fields, and a list of messages. The result is limited in size, so that it
/// fits on one log line.
#[derive(Default)]
pub(super) struct ErrorBody {
    pub(super) message: Option<String>,
    pub(super) field_errors: Vec<FieldError>,
}

const MAX_MESSAGE_LENGTH: usize = 300;
const MAX_NAME_LENGTH: usize = 60;
const MAX_FIELD_ERRORS: usize = 20;
const MAX_DEPTH: usize = 6;
/// Maximum number of values to examine.
const MAX_VALUES: usize = 1_000;

impl ErrorBody {
    pub(super) fn read(body: &str, api_key: &ApiKey) -> Self {
        let mut reader = Reader {
            api_key,
            found: Self::default(),
            values: 0,
        };
        match Value::parse(body) {
            Value::Object(object) => reader.object(&object),
            Value::Array(values) => {
                for message in values
                    .iter()
                    .take(MAX_VALUES)
                    .filter_map(|value| message(value))
                {
                    reader.keep_message(&message);
                }
            }
            Value::String(message) => reader.keep_message(&message),
            Value::Other => {}
        }
        reader.found
    }
}

/// A JSON value whose elements or entries are still text.
///
/// Parsing one level at a time keeps deeply nested bodies from overflowing the stack. A `serde_json::Value` would not: with
/// the feature `raw_value` it parses some strings as JSON, each with its own recursion limit.
enum Value<'a> {
    String(String),
    Array(Vec<&'a RawValue>),
    Object(RawObject<'a>),
    Other,
}

impl<'a> Value<'a> {
    fn parse(json: &'a str) -> Self {
        let value = match json.trim_ascii_start().as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map(Self::String),
            Some(b'[') => serde_json::from_str(json).map(Self::Array),
            Some(b'{') => RawObject::parse(json).map(Self::Object),
            _ => Ok(Self::Other),
        };
        value.unwrap_or(Self::Other)
    }
}

struct Reader<'a> {
    api_key: &'a ApiKey,
    found: ErrorBody,
    values: usize,
}

impl Reader<'_> {
    fn object(&mut self, object: &RawObject<'_>) {
        for (key, value) in object.entries() {
            match &**key {
                "message" | "detail" | "error" | "non_field_errors" | "nonFieldErrors" => {
                    match message(value) {
                        Some(message) => self.keep_message(&message),
                        None => self.top_field(key, value),
                    }
                }
                "status" | "code" if !value.get().starts_with('[') => {}
                _ => self.top_field(key, value),
            }
        }
    }

    fn top_field(&mut self, key: &str, value: &RawValue) {
        let key = clean(key, MAX_NAME_LENGTH, self.api_key);
        self.field(&key, value, 0);
    }

    /// Keeps the first message that is not empty.
    fn keep_message(&mut self, message: &str) {
        let message = clean(message, MAX_MESSAGE_LENGTH, self.api_key);
        if !message.is_empty() && self.found.message.is_none() {
            self.found.message = Some(message);
        }
    }

    /// Collects the messages in a field's value, each with its path: `features[0].quantity`.
    fn field(&mut self, path: &str, value: &RawValue, depth: usize) {
        self.values += 1;
        let full = self.found.field_errors.len() == MAX_FIELD_ERRORS;
        if full || depth == MAX_DEPTH || self.values > MAX_VALUES {
            return;
        }
        match Value::parse(value.get()) {
            Value::String(message) => {
                let message = clean(&message, MAX_MESSAGE_LENGTH, self.api_key);
                self.found.field_errors.push(FieldError::new(path, message));
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate().take(MAX_VALUES) {
                    if value.get().starts_with('"') {
                        self.field(path, value, depth + 1);
                    } else {
                        self.field(&format!("{path}[{index}]"), value, depth + 1);
                    }
                }
            }
            Value::Object(object) => {
                for (key, value) in object.entries().iter().take(MAX_VALUES) {
                    let key = clean(key, MAX_NAME_LENGTH, self.api_key);
                    self.field(&format!("{path}.{key}"), value, depth + 1);
                }
            }
            Value::Other => {}
        }
    }
}

/// Returns the string, or the first string of an array.
fn message(value: &RawValue) -> Option<String> {
    match Value::parse(value.get()) {
        Value::String(text) => Some(text),
        Value::Array(values) => values
            .iter()
            .find_map(|value| match Value::parse(value.get()) {
                Value::String(text) => Some(text),
                _ => None,
            }),
        _ => None,
    }
}

/// Returns the text on one line of limited length, without the API key and without characters that could break or reorder
/// a log line.
fn clean(text: &str, max: usize, api_key: &ApiKey) -> String {
    let line: String = api_key
        .redact(text)
        .chars()
        .map(|c| {
            if c.is_control() || is_format(c) {
                ' '
            } else {
                c
            }
        })
        .take(max)
        .collect();
    line.trim().to_owned()
}

/// Returns `true` for line and paragraph separators and for characters that change the direction of text.
fn is_format(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
