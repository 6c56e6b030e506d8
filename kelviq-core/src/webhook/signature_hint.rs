//! Hints about why no signature of a delivery matches.

use super::{delivery::Delivery, secret::WebhookSecret};

/// Returns a hint about the most likely reason why no signature matches.
///
/// The hint contains no secret data. The most reliable checks run first.
pub(super) fn signature_hint(secrets: &[WebhookSecret], delivery: &Delivery<'_>) -> &'static str {
    let compact = compact(delivery.body);
    if compact != delivery.body
        && secrets
            .iter()
            .any(|secret| delivery.would_be_signed_by(secret, &compact))
    {
        return "the body would match without its white space, so the JSON was re-formatted after it was signed; verify the raw bytes";
    }
    if let Some(problem) = secrets.iter().find_map(WebhookSecret::prefix_problem) {
        return problem;
    }
    if delivery.signatures.iter().all(|text| is_base64(text)) {
        return "the signature is base64 as in Standard Webhooks, but Kelviq's is hex; check whether the sender is Kelviq and whether a proxy converts the header";
    }
    if !delivery.has_digest() {
        return "no signature is a hex SHA-256 digest of 64 digits; check whether the sender is Kelviq";
    }
    "check that KELVIQ_WEBHOOK_SECRET is the secret of this endpoint and environment"
}

/// Returns `true` for the length and padding of a base64 SHA-256 digest. Hex has no padding.
fn is_base64(text: &[u8]) -> bool {
    text.len() == 44 && text.ends_with(b"=")
}

/// Returns the JSON without the white space between its tokens.
fn compact(json: &[u8]) -> Vec<u8> {
    let mut compact = Vec::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for &byte in json {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = byte == b'"';
        }
        compact.push(byte);
    }
    compact
}
