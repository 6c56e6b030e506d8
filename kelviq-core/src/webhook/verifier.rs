//! Verification of webhook deliveries.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{
    delivery::Delivery, event::VerifiedEvent, event_source::EventSource, headers::WebhookHeaders,
    secret::WebhookSecret, signature_hint::signature_hint, stored_delivery::WebhookDelivery,
};
use crate::error::{Error, ErrorKind};

/// A verifier of webhook deliveries.
///
/// It checks the signature first, then the timestamp, and then that the body is an event. A server can reject a delivery
/// with invalid headers before it reads the body, with [`check_headers`](Self::check_headers).
///
/// The signature covers the raw bytes of the body. JSON that has been parsed and serialized again does not match.
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
    /// The default tolerance of timestamps: 300 s, as Kelviq's guide recommends.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

    /// Creates a verifier with one secret and the default tolerance.
    pub fn new(secret: WebhookSecret) -> Self {
        Self {
            secrets: vec![secret],
            tolerance: Self::DEFAULT_TOLERANCE,
        }
    }

    /// Adds another accepted secret, for the time in which an endpoint's secret is rotated.
    ///
    /// ```
    /// # use kelviq_core::{Error, EventSource, WebhookHeaders, WebhookSecret, WebhookVerifier};
    /// # fn verify(new: WebhookSecret, old: WebhookSecret, headers: WebhookHeaders<'_>, body: &[u8]) -> Result<(), Error> {
    /// let verifier = WebhookVerifier::new(new).or_secret(old);
    /// let event = verifier.verify(headers, body)?;
    /// if matches!(event.source(), EventSource::Delivery { secret_index: 0 }) {
    ///     println!("Kelviq signs with the new secret, so the old one can be removed");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn or_secret(mut self, secret: WebhookSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Sets the maximum difference between a timestamp and the current time, in either direction.
    ///
    /// Fractions of a second are ignored.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks the headers of a delivery that has just arrived, before its body is read.
    ///
    /// The signature itself covers the body, so only [`verify`](Self::verify) can check it. A sender without the secret
    /// can pass this check.
    ///
    /// ```
    /// # use kelviq_core::{Error, VerifiedEvent, WebhookHeaders, WebhookVerifier};
    /// # fn read_body() -> Vec<u8> { Vec::new() }
    /// fn on_delivery(verifier: &WebhookVerifier, headers: WebhookHeaders<'_>) -> Result<VerifiedEvent, Error> {
    ///     verifier.check_headers(headers)?;
    ///     let body = read_body();
    ///     verifier.verify(headers, &body)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`WebhookHeaders`](ErrorKind::WebhookHeaders) if a header is missing or malformed,
    /// [`WebhookSignature`](ErrorKind::WebhookSignature) if no signature has the form of Kelviq's, and
    /// [`WebhookTimestamp`](ErrorKind::WebhookTimestamp) if the timestamp is outside the tolerance.
    pub fn check_headers(&self, headers: WebhookHeaders<'_>) -> Result<(), Error> {
        self.check_headers_at(headers, SystemTime::now())
    }

    /// Checks the headers of a delivery as of the time `now`, like [`check_headers`](Self::check_headers).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`check_headers`](Self::check_headers).
    pub fn check_headers_at(
        &self,
        headers: WebhookHeaders<'_>,
        now: SystemTime,
    ) -> Result<(), Error> {
        self.checked_at(headers, now).map(drop)
    }

    /// Parses the headers of a delivery and checks them. Its body is empty.
    pub(super) fn checked_at<'a>(
        &self,
        headers: WebhookHeaders<'a>,
        now: SystemTime,
    ) -> Result<Delivery<'a>, Error> {
        let delivery = Delivery::parse(headers, &[])?;
        if !delivery.has_digest() {
            return Err(self.no_match(&delivery));
        }
        self.check_timestamp(&delivery, now)?;
        Ok(delivery)
    }

    /// Verifies a delivery that has just arrived.
    ///
    /// # Errors
    ///
    /// Returns an error with one of the `Webhook…` kinds of [`ErrorKind`]. Its message can contain a hint about the cause.
    /// Log the message, but do not send it in the response.
    pub fn verify(&self, headers: WebhookHeaders<'_>, body: &[u8]) -> Result<VerifiedEvent, Error> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// Verifies a delivery as of the time `now`.
    ///
    /// Use this on a target without a clock, such as `wasm32-unknown-unknown`. For a delivery that was stored, use
    /// [`verify_delivery`](Self::verify_delivery).
    ///
    /// The body's `id` is the same as the signed `webhook-id`. A difference is logged as a warning and is not an error.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        headers: WebhookHeaders<'_>,
        body: &[u8],
        now: SystemTime,
    ) -> Result<VerifiedEvent, Error> {
        let delivery = Delivery::parse(headers, body)?;
        let source = self.verified_source(&delivery, now)?;
        let event = VerifiedEvent::from_body(body, source)?;
        warn_if_id_differs(&event, &delivery);
        Ok(event)
    }

    /// Verifies a stored delivery as of the time at which it arrived.
    ///
    /// The timestamp was checked against the clock of that time, so read the delivery only from a place that senders cannot
    /// write to. The secret must still be one of the verifier's.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify).
    pub fn verify_delivery(&self, delivery: &WebhookDelivery) -> Result<VerifiedEvent, Error> {
        self.verify_at(delivery.headers(), delivery.body(), delivery.received_at())
    }

    /// Checks the signature and the timestamp.
    pub(super) fn verified_source(
        &self,
        delivery: &Delivery<'_>,
        now: SystemTime,
    ) -> Result<EventSource, Error> {
        let secret_index = self.matching_secret(delivery)?;
        self.check_timestamp(delivery, now)?;
        Ok(EventSource::Delivery { secret_index })
    }

    fn matching_secret(&self, delivery: &Delivery<'_>) -> Result<usize, Error> {
        // No early return, so that the duration does not reveal which secret matched.
        let mut matching = None;
        for (index, secret) in self.secrets.iter().enumerate().rev() {
            if delivery.is_signed_by(secret) {
                matching = Some(index);
            }
        }
        matching.ok_or_else(|| self.no_match(delivery))
    }

    fn no_match(&self, delivery: &Delivery<'_>) -> Error {
        let hint = signature_hint(&self.secrets, delivery);
        Error::new(
            ErrorKind::WebhookSignature,
            format!("no webhook signature matches; {hint}"),
        )
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
                "the webhook's timestamp is {} s {direction} this machine's clock, more than the tolerance of {} s; if this happens to every delivery, set the clock",
                age.unsigned_abs(),
                self.tolerance.as_secs(),
            ),
        ))
    }
}

pub(super) fn warn_if_id_differs(event: &VerifiedEvent, delivery: &Delivery<'_>) {
    if event.id() != delivery.id {
        tracing::warn!(
            event_id = event.id(),
            webhook_id = delivery.id,
            "the event's id differs from the signed webhook-id; duplicates are detected by the event's id"
        );
    }
}

impl From<WebhookSecret> for WebhookVerifier {
    fn from(secret: WebhookSecret) -> Self {
        Self::new(secret)
    }
}
