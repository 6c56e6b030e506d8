//! The server API key.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, env::is_bare};

/// A server API key. `Debug` does not show it, and it is wiped from memory when dropped.
#[derive(Clone)]
pub(super) struct ApiKey(SecretString);

impl ApiKey {
    /// Far more than any key has.
    const MAX_LENGTH: usize = 500;

    /// Checks a key as the Kelviq dashboard shows it.
    pub(super) fn new(key: SecretString) -> Result<Self, Error> {
        let text = key.expose_secret();
        let problem = if text.trim().is_empty() {
            "is empty"
        } else if text.len() > Self::MAX_LENGTH {
            "is longer than any key"
        } else if !is_bare(text) {
            "holds white space, quotes or characters that are not printable ASCII; copy the key alone, without quotes and line ends"
        } else if starts_with(text, "client-") {
            "is a client key; a server key (server-…) is needed, from the same page of the Kelviq dashboard"
        } else if starts_with(text, "kq_whsec_") {
            "is a webhook signing secret; the server key (server-…) goes here, the secret into KELVIQ_WEBHOOK_SECRET"
        } else {
            return Ok(Self(key));
        };
        Err(Error::configuration(format!(
            "the API key (KELVIQ_API_KEY) {problem}"
        )))
    }

    pub(super) fn authorization(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0.expose_secret()))
            .map_err(|_| Error::configuration("the API key (KELVIQ_API_KEY) cannot be a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The text without the key, should the other side have echoed it.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), "[REDACTED]")
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
