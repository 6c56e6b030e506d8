//! Why no signature matched, as far as it can be told without showing anything secret.

use super::{WebhookSecret, verifier::Delivery};

/// The likeliest cause, most certain first.
pub(super) fn signature(
    secrets: &[WebhookSecret],
    delivery: &Delivery<'_>,
) -> Option<&'static str> {
    let compact = compact(delivery.body);
    if compact != delivery.body
        && secrets
            .iter()
            .any(|secret| delivery.is_signed_by_with(secret, &compact))
    {
        return Some(
            "the body would match without its white space: something re-formatted the JSON on the way; verify the raw bytes",
        );
    }
    if let Some(oddity) = secrets.iter().find_map(WebhookSecret::oddity) {
        return Some(oddity);
    }
    if delivery.signatures.iter().all(|text| is_base64(text)) {
        return Some(
            "the signature is base64, as Standard Webhooks senders write it; Kelviq's is hex, so this is another sender or a converter in between",
        );
    }
    None
}

/// A base64 SHA-256 digest: 44 characters with padding, which hex never has.
fn is_base64(text: &str) -> bool {
    text.len() == 44 && text.ends_with('=')
}

/// The JSON without the white space between its tokens.
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
