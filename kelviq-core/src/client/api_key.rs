//! The server API key.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::Error;

/// A server API key. `Debug` does not show it, and it is wiped from memory when dropped.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// The environment variable that [`Kelviq::from_env`](crate::Kelviq::from_env) reads.
    pub const ENV: &str = "KELVIQ_API_KEY";

    /// Takes a key as the Kelviq dashboard shows it.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when it is empty, holds white space or characters that no
    /// header can carry, or is a client key (`client-…`), which is public and creates no sessions.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = SecretString::from(key.into());
        let text = key.expose_secret();
        let problem = if text.trim().is_empty() {
            "is empty"
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            "holds white space or characters that are not printable ASCII; copy it again, without quotes and line ends"
        } else if text.starts_with("client-") {
            "is a client key; a server key (server-…) is needed, from the same page of the Kelviq dashboard"
        } else if text.starts_with("kq_whsec_") {
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

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([REDACTED])")
    }
}
