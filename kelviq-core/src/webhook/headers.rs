//! The headers of a webhook delivery.

/// The three headers of a webhook delivery, as raw bytes. A missing header is `None`.
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
    pub(super) id: Option<&'a [u8]>,
    pub(super) timestamp: Option<&'a [u8]>,
    pub(super) signature: Option<&'a [u8]>,
}

impl<'a> WebhookHeaders<'a> {
    pub(super) const ID: &'static str = "webhook-id";
    pub(super) const TIMESTAMP: &'static str = "webhook-timestamp";
    pub(super) const SIGNATURE: &'static str = "webhook-signature";

    /// The lower-case names of the three headers.
    pub const NAMES: [&'static str; 3] = [Self::ID, Self::TIMESTAMP, Self::SIGNATURE];

    /// Creates the headers from the values of `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    pub fn new(id: &'a str, timestamp: &'a str, signature: &'a str) -> Self {
        Self {
            id: Some(id.as_bytes()),
            timestamp: Some(timestamp.as_bytes()),
            signature: Some(signature.as_bytes()),
        }
    }

    /// Looks up each header by its lower-case name, in any kind of map.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use kelviq_core::WebhookHeaders;
    /// let headers: HashMap<&str, Vec<u8>> = HashMap::new();
    /// let headers = WebhookHeaders::from_lookup(|name| headers.get(name).map(Vec::as_slice));
    /// ```
    pub fn from_lookup(mut lookup: impl FnMut(&str) -> Option<&'a [u8]>) -> Self {
        Self {
            id: lookup(Self::ID),
            timestamp: lookup(Self::TIMESTAMP),
            signature: lookup(Self::SIGNATURE),
        }
    }
}
