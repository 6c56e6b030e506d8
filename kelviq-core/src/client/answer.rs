//! What came back: a body to read, or an error in one of Kelviq's several shapes.

use std::time::Duration;

use serde_json::Value;

use super::{ApiKey, Environment};
use crate::{Error, ErrorKind, FieldError};

/// An answer that has arrived whole.
pub(crate) struct Answer {
    pub(super) host: String,
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) is_html: bool,
    pub(crate) body: String,
}

/// Longer sentences and longer lists are cut: they end up in logs.
const MAX_SENTENCE: usize = 300;
const MAX_FIELD_ERRORS: usize = 20;

impl Answer {
    /// A 2xx answer that is not what was asked for.
    pub(crate) fn unexpected(&self, problem: &str) -> Error {
        let problem = if self.is_html {
            "it is HTML, not JSON; does the address lead to Kelviq?"
        } else {
            problem
        };
        Error::new(
            ErrorKind::UnexpectedResponse,
            format!("{} answered {}, but {problem}", self.host, self.status),
        )
        .with_status(self.status)
    }

    /// An answer with another status than 2xx. Its body is read as far as it is known, and none of it is relied on.
    pub(super) fn into_error(self, api_key: &ApiKey, environment: Option<Environment>) -> Error {
        let Self { host, status, .. } = &self;
        if (300..400).contains(status) {
            return Error::new(
                ErrorKind::UnexpectedResponse,
                format!("{host} answered {status}, a redirect, which is not followed; is the base URL right?"),
            )
            .with_status(*status);
        }
        let mut message = format!("{host} answered {status}");
        let (sentence, field_errors) = self.sentences(api_key);
        if let Some(sentence) = sentence {
            message = format!("{message} ({sentence})");
        }
        if matches!(status, 401 | 403) {
            let asked = environment.map_or_else(
                || "the address in KELVIQ_BASE_URL".to_owned(),
                |environment| format!("the {environment} environment (KELVIQ_ENV)"),
            );
            message = format!("{message}; does KELVIQ_API_KEY hold a server key of {asked}?");
        }
        Error::new(ErrorKind::Api, message)
            .with_status(*status)
            .with_field_errors(field_errors)
            .with_retry_after(self.retry_after)
    }

    /// The sentence and the field errors in the body: `{"message"}`, `{"detail"}`, `{"error"}`, `{"field": ["…"]}`.
    fn sentences(&self, api_key: &ApiKey) -> (Option<String>, Vec<FieldError>) {
        let Ok(Value::Object(body)) = serde_json::from_str(&self.body) else {
            return (None, Vec::new());
        };
        let mut sentence = None;
        let mut field_errors = Vec::new();
        for (key, value) in &body {
            match value {
                Value::String(text) if matches!(key.as_str(), "message" | "detail" | "error") => {
                    sentence = Some(clean(text, api_key));
                }
                Value::Array(_) | Value::Object(_) => {
                    collect(key, value, api_key, &mut field_errors);
                }
                _ => {}
            }
        }
        (sentence, field_errors)
    }
}

/// The sentences below a field, each with its path: `features[0].quantity`.
fn collect(path: &str, value: &Value, api_key: &ApiKey, errors: &mut Vec<FieldError>) {
    match value {
        _ if errors.len() == MAX_FIELD_ERRORS => {}
        Value::String(text) => {
            errors.push(FieldError::new(clean(path, api_key), clean(text, api_key)));
        }
        Value::Array(values) if values.iter().all(Value::is_string) => {
            for value in values {
                collect(path, value, api_key, errors);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                collect(&format!("{path}[{index}]"), value, api_key, errors);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                collect(&format!("{path}.{key}"), value, api_key, errors);
            }
        }
        _ => {}
    }
}

/// One line of bounded length, without the key.
fn clean(text: &str, api_key: &ApiKey) -> String {
    let line: String = api_key
        .redact(text)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_SENTENCE)
        .collect();
    line.trim().to_owned()
}
