//! The server API key.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::{error::Error, settings::token_problem};

/// A server API key. `Debug` redacts it, and it is erased from memory when dropped.
#[derive(Clone)]
pub(super) struct ApiKey {
    key: SecretString,
    /// The environment variable of the key, for error messages.
    variable: &'static str,
}

impl ApiKey {
    /// Maximum length, far more than any real key has.
    const MAX_LENGTH: usize = 500;

    /// Validates a key. Error messages name the environment variable.
    pub(super) fn new(key: SecretString, variable: &'static str) -> Result<Self, Error> {
        let text = key.expose_secret();
        let problem = if text.trim().is_empty() {
            "is empty"
        } else if text.len() > Self::MAX_LENGTH {
            "is too long for an API key"
        } else if let Some(problem) = token_problem(text) {
            problem
        } else if starts_with(text, "client-") {
            "is a client key; use a server key (server-…), from the same page of the Kelviq dashboard"
        } else if starts_with(text, "kq_whsec_") {
            "is a webhook signing secret; use a server key (server-…), and set KELVIQ_WEBHOOK_SECRET to the secret"
        } else {
            return Ok(Self { key, variable });
        };
        Err(Error::configuration(format!(
            "the API key ({variable}) {problem}"
        )))
    }

    /// Returns the name of the key's environment variable.
    pub(super) fn variable(&self) -> &'static str {
        self.variable
    }

    /// Returns the value of the `Authorization` header.
    pub(super) fn authorization(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.key.expose_secret()))
            .map_err(|_| {
                Error::configuration(format!(
                    "the API key ({}) is not a valid header value",
                    self.variable
                ))
            })?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Redacts the key in a text, in case the server echoed it.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.key.expose_secret(), "[REDACTED]")
    }
}

fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.as_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([REDACTED])")
    }
}
