//! Verification of a webhook's signature over the raw bytes of its body.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::Mac;

use super::{VerifiedEvent, WebhookSecret, hint};
use crate::{Error, ErrorKind};

/// Verifies deliveries: signature first, then the timestamp, then that the body is an event.
///
/// Give it the body's bytes as they arrived: JSON that was parsed and written again no longer matches.
///
/// ```
/// use kelviq_core::{WebhookHeaders, WebhookSecret, WebhookVerifier};
///
/// let secret = WebhookSecret::new("kq_whsec_test")?;
/// let body = br#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;
/// let signature = secret.sign("evt_1", "1700000000", body);
///
/// let verifier = WebhookVerifier::new(secret);
/// let event = verifier.verify_at(
///     WebhookHeaders::new("evt_1", "1700000000", &signature),
///     body,
///     std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_060),
/// )?;
/// assert_eq!(event.event_type().as_str(), "customer.created");
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    secrets: Vec<WebhookSecret>,
    tolerance: Duration,
}

impl WebhookVerifier {
    /// How far a timestamp may be from now by default, in either direction: 300 s, as Kelviq's guide asks.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

    /// Verifies with one secret and the default tolerance.
    pub fn new(secret: WebhookSecret) -> Self {
        Self {
            secrets: vec![secret],
            tolerance: Self::DEFAULT_TOLERANCE,
        }
    }

    /// Accepts another secret too, while an endpoint's secret is being rotated.
    ///
    /// ```
    /// # use kelviq_core::{Error, WebhookHeaders, WebhookSecret, WebhookVerifier};
    /// # fn verify(new: WebhookSecret, old: WebhookSecret, headers: WebhookHeaders<'_>, body: &[u8]) -> Result<(), Error> {
    /// let verifier = WebhookVerifier::new(new).or_secret(old);
    /// let event = verifier.verify(headers, body)?;
    /// if event.secret_index() == 0 {
    ///     println!("Kelviq signs with the new secret: the old one can go");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn or_secret(mut self, secret: WebhookSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// How far a timestamp may be from now, in either direction; whole seconds count.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Verifies a delivery that has just arrived.
    ///
    /// # Errors
    ///
    /// The kinds that begin with `Webhook` in [`ErrorKind`]. The error's text has a hint for the log, never for the
    /// response.
    pub fn verify(&self, headers: WebhookHeaders<'_>, body: &[u8]) -> Result<VerifiedEvent, Error> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// Verifies a delivery as of `now`, which is also the way on targets without a clock, such as
    /// `wasm32-unknown-unknown`.
    ///
    /// # Errors
    ///
    /// Like [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        headers: WebhookHeaders<'_>,
        body: &[u8],
        now: SystemTime,
    ) -> Result<VerifiedEvent, Error> {
        let delivery = Delivery::read(headers, body)?;
        let secret_index = self.matching_secret(&delivery)?;
        self.check_timestamp(&delivery, now)?;
        VerifiedEvent::from_verified(body, secret_index)
    }

    fn matching_secret(&self, delivery: &Delivery<'_>) -> Result<usize, Error> {
        // Every secret is compared with every signature: the time says nothing about which one matched.
        let mut matching = None;
        for (index, secret) in self.secrets.iter().enumerate().rev() {
            if delivery.is_signed_by(secret) {
                matching = Some(index);
            }
        }
        matching.ok_or_else(|| {
            let hint = hint::signature(&self.secrets, delivery)
                .unwrap_or("check that KELVIQ_WEBHOOK_SECRET is the secret of this very endpoint and environment");
            Error::new(
                ErrorKind::WebhookSignature,
                format!("no webhook signature matches; {hint}"),
            )
        })
    }

    fn check_timestamp(&self, delivery: &Delivery<'_>, now: SystemTime) -> Result<(), Error> {
        let now = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i128::from(since.as_secs()),
            Err(before) => -i128::from(before.duration().as_secs()),
        };
        let age = now - i128::from(delivery.seconds);
        if age.unsigned_abs() <= u128::from(self.tolerance.as_secs()) {
            return Ok(());
        }
        let direction = if age > 0 { "behind" } else { "ahead of" };
        Err(Error::new(
            ErrorKind::WebhookTimestamp,
            format!(
                "the webhook's timestamp is {} s {direction} this machine's clock, more than the tolerance of {} s; if every delivery fails so, set the clock",
                age.unsigned_abs(),
                self.tolerance.as_secs(),
            ),
        ))
    }
}

impl From<WebhookSecret> for WebhookVerifier {
    fn from(secret: WebhookSecret) -> Self {
        Self::new(secret)
    }
}

/// The three headers of a delivery, as raw bytes; absent ones are `None`.
///
/// ```
/// use std::collections::HashMap;
/// use kelviq_core::{Error, VerifiedEvent, WebhookHeaders, WebhookVerifier};
///
/// fn verify(
///     verifier: &WebhookVerifier,
///     headers: &HashMap<String, String>,
///     body: &[u8],
/// ) -> Result<VerifiedEvent, Error> {
///     let headers = WebhookHeaders::from_lookup(|name| headers.get(name).map(String::as_bytes));
///     verifier.verify(headers, body)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WebhookHeaders<'a> {
    id: Option<&'a [u8]>,
    timestamp: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
}

impl<'a> WebhookHeaders<'a> {
    /// The names of the three headers.
    pub const NAMES: [&'static str; 3] = [ID, TIMESTAMP, SIGNATURE];

    /// The values of `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    pub fn new(id: &'a str, timestamp: &'a str, signature: &'a str) -> Self {
        Self {
            id: Some(id.as_bytes()),
            timestamp: Some(timestamp.as_bytes()),
            signature: Some(signature.as_bytes()),
        }
    }

    /// Looks each header up by its lower-case name, in whatever map the server has.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use kelviq_core::WebhookHeaders;
    /// let headers: HashMap<&str, Vec<u8>> = HashMap::new();
    /// let headers = WebhookHeaders::from_lookup(|name| headers.get(name).map(Vec::as_slice));
    /// ```
    pub fn from_lookup(mut lookup: impl FnMut(&str) -> Option<&'a [u8]>) -> Self {
        Self {
            id: lookup(ID),
            timestamp: lookup(TIMESTAMP),
            signature: lookup(SIGNATURE),
        }
    }
}

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// A delivery whose headers are well-formed, not yet verified.
pub(super) struct Delivery<'a> {
    pub(super) id: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) body: &'a [u8],
    /// The part behind `v1,` of every signature in the header.
    pub(super) signatures: Vec<&'a str>,
    seconds: i64,
}

impl<'a> Delivery<'a> {
    fn read(headers: WebhookHeaders<'a>, body: &'a [u8]) -> Result<Self, Error> {
        let id = text(ID, headers.id)?;
        let timestamp = text(TIMESTAMP, headers.timestamp)?;
        let signature = text(SIGNATURE, headers.signature)?;
        let seconds = timestamp
            .parse()
            .map_err(|_| malformed(TIMESTAMP, "a whole number of Unix seconds"))?;
        let signatures: Vec<_> = signature
            .split(' ')
            .filter_map(|item| item.strip_prefix("v1,"))
            .collect();
        if signatures.is_empty() {
            return Err(malformed(SIGNATURE, "`v1,` and a hex digest"));
        }
        Ok(Self {
            id,
            timestamp,
            body,
            signatures,
            seconds,
        })
    }

    /// Whether one of the signatures is this secret's, compared in constant time.
    pub(super) fn is_signed_by(&self, secret: &WebhookSecret) -> bool {
        self.is_signed_by_with(secret, self.body)
    }

    pub(super) fn is_signed_by_with(&self, secret: &WebhookSecret, body: &[u8]) -> bool {
        let mac = secret.mac(self.id, self.timestamp, body);
        let mut matches = false;
        for signature in &self.signatures {
            let mut digest = [0; 32];
            matches |= hex::decode_to_slice(signature, &mut digest).is_ok()
                && mac.clone().verify_slice(&digest).is_ok();
        }
        matches
    }
}

fn text<'a>(name: &str, value: Option<&'a [u8]>) -> Result<&'a str, Error> {
    let value = value.ok_or_else(|| {
        Error::new(
            ErrorKind::WebhookHeaders,
            format!("the header {name} is missing; Kelviq's webhooks have it, so check what stands between"),
        )
    })?;
    match str::from_utf8(value) {
        Ok(text) if !text.is_empty() => Ok(text),
        _ => Err(malformed(name, "text")),
    }
}

fn malformed(name: &str, expected: &str) -> Error {
    Error::new(
        ErrorKind::WebhookHeaders,
        format!("the header {name} is malformed: expected {expected}"),
    )
}
