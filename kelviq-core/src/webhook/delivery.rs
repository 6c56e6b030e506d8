//! A webhook delivery whose headers have been parsed.

use hmac::{Mac, digest::CtOutput};

use super::{headers::WebhookHeaders, secret::WebhookSecret};
use crate::error::{Error, ErrorKind};

/// A webhook delivery with well-formed headers. Its signature is not verified yet.
///
/// The body is empty while only the headers are known.
pub(super) struct Delivery<'a> {
    pub(super) id: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) body: &'a [u8],
    /// The part after `v1,` of each signature in the header.
    pub(super) signatures: Vec<&'a [u8]>,
    /// The signatures that have the form of Kelviq's: a hex SHA-256 digest.
    pub(super) digests: Vec<[u8; 32]>,
    /// The timestamp as Unix seconds.
    pub(super) seconds: i64,
}

impl<'a> Delivery<'a> {
    pub(super) fn parse(headers: WebhookHeaders<'a>, body: &'a [u8]) -> Result<Self, Error> {
        let id = header_text(WebhookHeaders::ID, headers.id)?;
        let timestamp = header_text(WebhookHeaders::TIMESTAMP, headers.timestamp)?;
        let seconds = timestamp
            .parse()
            .map_err(|_| malformed(WebhookHeaders::TIMESTAMP, "a whole number of Unix seconds"))?;
        let signatures = signatures(&headers)?;
        Ok(Self {
            id,
            timestamp,
            body,
            digests: signatures.iter().filter_map(|text| digest(text)).collect(),
            signatures,
            seconds,
        })
    }

    /// Returns `true` if one of the signatures has the form of Kelviq's: a hex SHA-256 digest.
    pub(super) fn has_digest(&self) -> bool {
        !self.digests.is_empty()
    }

    /// Returns `true` if one of the signatures was made with the secret. Compares in constant time.
    pub(super) fn is_signed_by(&self, secret: &WebhookSecret) -> bool {
        self.would_be_signed_by(secret, self.body)
    }

    /// Like [`is_signed_by`](Self::is_signed_by), but for another body.
    pub(super) fn would_be_signed_by(&self, secret: &WebhookSecret, body: &[u8]) -> bool {
        let expected = secret.mac(self.id, self.timestamp, body).finalize();
        let mut matches = false;
        for digest in &self.digests {
            matches |= expected == CtOutput::new((*digest).into());
        }
        matches
    }
}

/// Returns the part after `v1,` of each signature on each line.
///
/// The signatures on a line are separated by spaces. A proxy that joins two lines into one separates them by a comma, with
/// or without a space. So a line is a list of words, in which `v1` precedes a signature.
fn signatures<'a>(headers: &WebhookHeaders<'a>) -> Result<Vec<&'a [u8]>, Error> {
    if headers.signatures.iter().all(Option::is_none) {
        return Err(missing(WebhookHeaders::SIGNATURE));
    }
    let mut signatures = Vec::new();
    for line in headers.signatures.into_iter().flatten() {
        if str::from_utf8(line).is_err() {
            return Err(malformed(WebhookHeaders::SIGNATURE, "text"));
        }
        let mut words = line
            .split(|byte| matches!(byte, b' ' | b'\t' | b','))
            .peekable();
        while let Some(word) = words.next() {
            let mut signature = None;
            while word == b"v1" && signature.is_none_or(<[u8]>::is_empty) {
                match words.next_if(|next| *next != b"v1") {
                    Some(next) => signature = Some(next),
                    None => break,
                }
            }
            signatures.extend(signature);
        }
    }
    if signatures.is_empty() {
        let expected = "`v1,` and a hex digest";
        return Err(malformed(WebhookHeaders::SIGNATURE, expected));
    }
    Ok(signatures)
}

fn digest(signature: &[u8]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    hex::decode_to_slice(signature, &mut digest).ok()?;
    Some(digest)
}

fn header_text<'a>(name: &str, value: Option<&'a [u8]>) -> Result<&'a str, Error> {
    let value = value.ok_or_else(|| missing(name))?;
    match str::from_utf8(value) {
        Ok(text) if !text.is_empty() => Ok(text),
        _ => Err(malformed(name, "text")),
    }
}

fn missing(name: &str) -> Error {
    Error::new(
        ErrorKind::WebhookHeaders,
        format!(
            "the header {name} is missing; Kelviq sends it, so check whether a proxy removes it"
        ),
    )
}

fn malformed(name: &str, expected: &str) -> Error {
    Error::new(
        ErrorKind::WebhookHeaders,
        format!("the header {name} is malformed: expected {expected}"),
    )
}
