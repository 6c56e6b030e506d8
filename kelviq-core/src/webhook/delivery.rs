//! A webhook delivery whose headers have been parsed.

use hmac::Mac;

use super::{headers::WebhookHeaders, secret::WebhookSecret};
use crate::error::{Error, ErrorKind};

/// A webhook delivery with well-formed headers. Its signature is not verified yet.
pub(super) struct Delivery<'a> {
    pub(super) id: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) body: &'a [u8],
    /// The part after `v1,` of each signature in the header.
    pub(super) signatures: Vec<&'a str>,
    /// The timestamp as Unix seconds.
    pub(super) seconds: i64,
}

impl<'a> Delivery<'a> {
    pub(super) fn parse(headers: WebhookHeaders<'a>, body: &'a [u8]) -> Result<Self, Error> {
        let id = header_text(WebhookHeaders::ID, headers.id)?;
        let timestamp = header_text(WebhookHeaders::TIMESTAMP, headers.timestamp)?;
        let signature = header_text(WebhookHeaders::SIGNATURE, headers.signature)?;
        let seconds = timestamp
            .parse()
            .map_err(|_| malformed(WebhookHeaders::TIMESTAMP, "a whole number of Unix seconds"))?;
        let signatures: Vec<_> = signature
            .split(' ')
            .filter_map(|item| item.strip_prefix("v1,"))
            .collect();
        if signatures.is_empty() {
            return Err(malformed(
                WebhookHeaders::SIGNATURE,
                "`v1,` and a hex digest",
            ));
        }
        Ok(Self {
            id,
            timestamp,
            body,
            signatures,
            seconds,
        })
    }

    /// Returns `true` if one of the signatures was made with the secret. Compares in constant time.
    pub(super) fn is_signed_by(&self, secret: &WebhookSecret) -> bool {
        self.would_be_signed_by(secret, self.body)
    }

    /// Like [`is_signed_by`](Self::is_signed_by), but for another body.
    pub(super) fn would_be_signed_by(&self, secret: &WebhookSecret, body: &[u8]) -> bool {
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

fn header_text<'a>(name: &str, value: Option<&'a [u8]>) -> Result<&'a str, Error> {
    let value = value.ok_or_else(|| {
        Error::new(
            ErrorKind::WebhookHeaders,
            format!(
                "the header {name} is missing; Kelviq sends it, so check whether a proxy removes it"
            ),
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
