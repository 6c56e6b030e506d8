//! The signing secret of a webhook endpoint.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::{
    error::Error,
    settings::{self, token_problem},
};

/// The signing secret of a webhook endpoint, `kq_whsec_…`, from the Kelviq dashboard.
///
/// `Debug` redacts the secret, and it is erased from memory when dropped.
///
/// ```
/// use kelviq_core::WebhookSecret;
///
/// let secret = WebhookSecret::new("kq_whsec_4Zc1")?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret([REDACTED])");
/// assert!(WebhookSecret::new("").is_err());
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone)]
pub struct WebhookSecret {
    text: SecretString,
    /// The HMAC after the key, which is the whole text. It is erased when dropped, too. Boxed, because moving it would leave
    /// copies that are not erased.
    keyed: Box<Hmac<Sha256>>,
}

impl WebhookSecret {
    /// The name of the environment variable that [`from_env`](Self::from_env) reads.
    pub const ENV: &str = "KELVIQ_WEBHOOK_SECRET";

    /// Creates a secret from its text, including the `kq_whsec_` prefix, or from a `SecretString` of `secrecy` 0.10.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the secret is empty, consists of the prefix only, is
    /// an API key, or contains white space, quotes, characters that are not printable ASCII, or a second `NAME=`, and for
    /// placeholders such as `kq_whsec_…`, `<your secret>`, `your_secret` and `changeme`.
    pub fn new(secret: impl Into<SecretString>) -> Result<Self, Error> {
        let secret = secret.into();
        let text = secret.expose_secret();
        if text.trim().is_empty() || text == PREFIX {
            return Err(Error::configuration(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) is empty; set it to the signing secret (kq_whsec_…) of the endpoint in the Kelviq dashboard",
            ));
        }
        if ["server-", "client-"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            return Err(Error::configuration(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) is an API key; set it to the signing secret (kq_whsec_…) of the endpoint in the Kelviq dashboard",
            ));
        }
        if let Some(problem) = token_problem(text) {
            return Err(Error::configuration(format!(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) {problem}"
            )));
        }
        let keyed = Box::new(keyed(text));
        Ok(Self {
            text: secret,
            keyed,
        })
    }

    /// Creates a secret from the environment variable `KELVIQ_WEBHOOK_SECRET`.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the variable is missing, or the errors of
    /// [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        let secret = settings::env_var(Self::ENV)?;
        Self::from_lookup(|_| secret.clone())
    }

    /// Creates a secret from the setting that `lookup` finds.
    ///
    /// `lookup` is called with the name `KELVIQ_WEBHOOK_SECRET` and returns the value from any source.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`from_env`](Self::from_env).
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let secret = lookup(Self::ENV).filter(|secret| !secret.is_empty());
        Self::new(secret.ok_or_else(|| {
            Error::configuration(
                "KELVIQ_WEBHOOK_SECRET is not set; set it to the signing secret (kq_whsec_…) of the webhook endpoint",
            )
        })?)
    }

    /// Returns the `webhook-signature` header of a delivery, for tests and fake servers.
    ///
    /// The header is `v1,` and the lower-case hex HMAC-SHA256 of `{id}.{timestamp}.{body}`, as Kelviq computes it.
    ///
    /// ```
    /// # use kelviq_core::WebhookSecret;
    /// let secret = WebhookSecret::new("kq_whsec_test")?;
    /// assert!(secret.sign("evt_1", "1700000000", b"{}").starts_with("v1,"));
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub fn sign(&self, webhook_id: &str, webhook_timestamp: &str, body: &[u8]) -> String {
        let digest = self.mac(webhook_id, webhook_timestamp, body).finalize();
        format!("v1,{}", hex::encode(digest.into_bytes()))
    }

    /// Returns the HMAC of a delivery, for comparison in constant time.
    pub(super) fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::clone(&self.keyed);
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }

    /// Describes an unexpected prefix of the secret, as a hint if no signature matches.
    pub(super) fn prefix_problem(&self) -> Option<&'static str> {
        let text = self.text.expose_secret();
        if text.starts_with("whsec_") {
            Some(
                "the configured secret looks like that of another provider; Kelviq's secrets start with kq_whsec_",
            )
        } else if !text.starts_with(PREFIX) {
            Some("the configured secret does not start with kq_whsec_, unlike Kelviq's secrets")
        } else {
            None
        }
    }
}

const PREFIX: &str = "kq_whsec_";

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length")
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([REDACTED])")
    }
}
