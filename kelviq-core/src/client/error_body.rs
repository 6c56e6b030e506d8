//! What the body of an error says, in any of the shapes that Kelviq and its web framework produce.

use super::api_key::ApiKey;
use crate::{error::FieldError, tree::Tree};

/// The sentence and the field errors in a body.
///
/// Read are `{"message": "…"}`, `{"detail": "…"}`, `{"error": "…"}`, `{"field": ["…"]}`, `{"field": "…"}`, nested fields,
/// and a bare list of sentences. All of it is bounded: a log line has to stay one.
#[derive(Default)]
pub(super) struct ErrorBody {
    pub(super) sentence: Option<String>,
    pub(super) field_errors: Vec<FieldError>,
}

const MAX_SENTENCE: usize = 300;
const MAX_NAME: usize = 60;
const MAX_FIELD_ERRORS: usize = 20;
const MAX_DEPTH: usize = 6;
/// Values that are looked at, whether they say anything or not.
const MAX_VALUES: usize = 1_000;

impl ErrorBody {
    pub(super) fn read(body: &str, api_key: &ApiKey) -> Self {
        let mut reader = Reader {
            api_key,
            found: Self::default(),
            values: 0,
        };
        match serde_json::from_str(body) {
            Ok(Tree::Object(entries)) => reader.object(&entries),
            Ok(Tree::Array(values)) => {
                for text in values.iter().take(MAX_VALUES).filter_map(sentence) {
                    reader.say(text);
                }
            }
            Ok(Tree::String(text)) => reader.say(&text),
            _ => {}
        }
        reader.found
    }
}

struct Reader<'a> {
    api_key: &'a ApiKey,
    found: ErrorBody,
    values: usize,
}

impl Reader<'_> {
    fn object(&mut self, entries: &[(String, Tree)]) {
        for (key, value) in entries {
            match key.as_str() {
                "message" | "detail" | "error" | "non_field_errors" | "nonFieldErrors" => {
                    match sentence(value) {
                        Some(text) => self.say(text),
                        None => self.top_field(key, value),
                    }
                }
                "status" | "code" if !matches!(value, Tree::Array(_)) => {}
                _ => self.top_field(key, value),
            }
        }
    }

    fn top_field(&mut self, key: &str, value: &Tree) {
        let key = clean(key, MAX_NAME, self.api_key);
        self.field(&key, value, 0);
    }

    /// Keeps the first sentence that says something.
    fn say(&mut self, text: &str) {
        let text = clean(text, MAX_SENTENCE, self.api_key);
        if !text.is_empty() && self.found.sentence.is_none() {
            self.found.sentence = Some(text);
        }
    }

    /// The sentences below a field, each with its path: `features[0].quantity`.
    fn field(&mut self, path: &str, value: &Tree, depth: usize) {
        self.values += 1;
        let full = self.found.field_errors.len() == MAX_FIELD_ERRORS;
        if full || depth == MAX_DEPTH || self.values > MAX_VALUES {
            return;
        }
        match value {
            Tree::String(text) => {
                let text = clean(text, MAX_SENTENCE, self.api_key);
                self.found.field_errors.push(FieldError::new(path, text));
            }
            Tree::Array(values) => {
                for (index, value) in values.iter().enumerate().take(MAX_VALUES) {
                    match value {
                        Tree::String(_) => self.field(path, value, depth + 1),
                        _ => self.field(&format!("{path}[{index}]"), value, depth + 1),
                    }
                }
            }
            Tree::Object(entries) => {
                for (key, value) in entries.iter().take(MAX_VALUES) {
                    let key = clean(key, MAX_NAME, self.api_key);
                    self.field(&format!("{path}.{key}"), value, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// A sentence, or the first of a list.
fn sentence(value: &Tree) -> Option<&str> {
    match value {
        Tree::String(text) => Some(text),
        Tree::Array(values) => values.iter().find_map(|value| match value {
            Tree::String(text) => Some(text.as_str()),
            _ => None,
        }),
        _ => None,
    }
}

/// One line of bounded length, without the key and without characters that would reorder or break a log line.
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

/// Line and paragraph separators, and characters that change the direction of text.
fn is_format(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
