//! The headers of a webhook delivery.

/// The three headers of a webhook delivery, as raw bytes.
///
/// The signatures can be on several lines with the name `webhook-signature`, as well as on one line, separated by spaces
/// or commas. At most 8 lines count.
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
    /// The lines with signatures. The unused ones are last.
    pub(super) signatures: [Option<&'a [u8]>; MAX_SIGNATURE_LINES],
}

/// Maximum number of lines with signatures. A sender needs two while a secret is rotated.
const MAX_SIGNATURE_LINES: usize = 8;

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
            signatures: signature_lines([signature.as_bytes()]),
        }
    }

    /// Looks up each header by its lower-case name, in a map with one value per name.
    ///
    /// Use [`from_lookup_all`](Self::from_lookup_all) for a map with several values per name, such as `http::HeaderMap`.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use kelviq_core::WebhookHeaders;
    /// let headers: HashMap<&str, Vec<u8>> = HashMap::new();
    /// let headers = WebhookHeaders::from_lookup(|name| headers.get(name).map(Vec::as_slice));
    /// ```
    pub fn from_lookup(mut lookup: impl FnMut(&str) -> Option<&'a [u8]>) -> Self {
        Self::from_lookup_all(|name| lookup(name))
    }

    /// Looks up all values of each header by its lower-case name.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use kelviq_core::WebhookHeaders;
    /// let headers: HashMap<&str, Vec<&[u8]>> = HashMap::new();
    /// let headers =
    ///     WebhookHeaders::from_lookup_all(|name| headers.get(name).into_iter().flatten().copied());
    /// ```
    pub fn from_lookup_all<I>(mut lookup: impl FnMut(&str) -> I) -> Self
    where
        I: IntoIterator<Item = &'a [u8]>,
    {
        Self {
            id: lookup(Self::ID).into_iter().next(),
            timestamp: lookup(Self::TIMESTAMP).into_iter().next(),
            signatures: signature_lines(lookup(Self::SIGNATURE)),
        }
    }
}

fn signature_lines<'a>(
    lines: impl IntoIterator<Item = &'a [u8]>,
) -> [Option<&'a [u8]>; MAX_SIGNATURE_LINES] {
    let mut lines = lines.into_iter();
    std::array::from_fn(|_| lines.next())
}
