//! The signing secret of a webhook endpoint.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::{Error, env, env::is_bare};

/// The signing secret of a webhook endpoint, `kq_whsec_…`, as the Kelviq dashboard shows it.
///
/// `Debug` does not show it, and it is wiped from memory when dropped.
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
pub struct WebhookSecret(SecretString);

impl WebhookSecret {
    /// The environment variable that [`from_env`](Self::from_env) reads.
    pub const ENV: &str = "KELVIQ_WEBHOOK_SECRET";

    /// Takes the secret whole, with its `kq_whsec_` prefix.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when it is empty, nothing but the prefix, or holds white space
    /// or characters that are not printable ASCII: verification is never off by mistake.
    pub fn new(secret: impl Into<String>) -> Result<Self, Error> {
        let secret = SecretString::from(secret.into());
        let text = secret.expose_secret();
        if text.trim().is_empty() || text == PREFIX {
            return Err(Error::configuration(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) is empty; copy the endpoint's signing secret (kq_whsec_…) from the Kelviq dashboard",
            ));
        }
        if ["server-", "client-"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            return Err(Error::configuration(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) is an API key; copy the endpoint's signing secret (kq_whsec_…) from the Kelviq dashboard",
            ));
        }
        if !is_bare(text) {
            return Err(Error::configuration(
                "the webhook secret (KELVIQ_WEBHOOK_SECRET) holds white space, quotes or characters that are not printable ASCII; copy the secret alone",
            ));
        }
        Ok(Self(secret))
    }

    /// Reads `KELVIQ_WEBHOOK_SECRET`.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the variable is missing, or as for [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        let secret = env::variable(Self::ENV)?;
        Self::from_lookup(|_| secret.clone())
    }

    /// Reads `KELVIQ_WEBHOOK_SECRET` from variables that `lookup` finds, from any source.
    ///
    /// # Errors
    ///
    /// Like [`from_env`](Self::from_env).
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let secret = lookup(Self::ENV).filter(|secret| !secret.is_empty());
        Self::new(secret.ok_or_else(|| {
            Error::configuration(
                "KELVIQ_WEBHOOK_SECRET is not set; it takes the signing secret (kq_whsec_…) of the webhook endpoint",
            )
        })?)
    }

    /// The `webhook-signature` header for a delivery: `v1,` and the lower-case hex HMAC-SHA256 over
    /// `{id}.{timestamp}.{body}`. For tests and stand-ins: this is what Kelviq does.
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

    /// The keyed hash, ready to be compared in constant time. The key is the whole secret string.
    pub(super) fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes())
            .expect("HMAC takes keys of any length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }

    /// What is odd about the secret, for a hint when nothing matches.
    pub(super) fn oddity(&self) -> Option<&'static str> {
        let text = self.0.expose_secret();
        if text.starts_with("whsec_") {
            Some(
                "the configured secret looks like another provider's; Kelviq's start with kq_whsec_",
            )
        } else if !text.starts_with(PREFIX) {
            Some("the configured secret does not start with kq_whsec_, as Kelviq's do")
        } else {
            None
        }
    }
}

const PREFIX: &str = "kq_whsec_";

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([REDACTED])")
    }
}
