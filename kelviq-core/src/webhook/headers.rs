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
///     verifier.verify(WebhookHeaders::from_pairs(headers), body)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
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
        Self::from_pairs([
            (Self::ID, id),
            (Self::TIMESTAMP, timestamp),
            (Self::SIGNATURE, signature),
        ])
    }

    /// Finds the headers among all headers of a request, whatever the case of their names is.
    ///
    /// The pairs are those of an `http::HeaderMap`, a map with one value per name, or a list. A map with several values per
    /// name needs a `flat_map`, as below. Of several ids or timestamps, the first counts.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use kelviq_core::WebhookHeaders;
    /// // As in an event of AWS Lambda.
    /// let headers = HashMap::from([("Webhook-Id".to_owned(), vec!["evt_1".to_owned()])]);
    /// let headers = WebhookHeaders::from_pairs(
    ///     headers
    ///         .iter()
    ///         .flat_map(|(name, values)| values.iter().map(move |value| (name, value))),
    /// );
    /// ```
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, &'a V)>) -> Self
    where
        N: AsRef<str>,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let mut headers = Self::default();
        for (name, value) in pairs {
            let slot = match name.as_ref() {
                name if name.eq_ignore_ascii_case(Self::ID) => Some(&mut headers.id),
                name if name.eq_ignore_ascii_case(Self::TIMESTAMP) => Some(&mut headers.timestamp),
                name if name.eq_ignore_ascii_case(Self::SIGNATURE) => {
                    headers.signatures.iter_mut().find(|slot| slot.is_none())
                }
                _ => None,
            };
            if let Some(slot) = slot {
                slot.get_or_insert(value.as_ref());
            }
        }
        headers
    }
}
