//! The verifier of webhook deliveries.

use std::time::{Duration, SystemTime};

use kelviq_core::{ErrorKind, WebhookDelivery, WebhookHeaders, WebhookSecret, WebhookVerifier};

const SECRET: &str = "kq_whsec_5ecre7";
/// The time of arrival, in Unix seconds.
const NOW: u64 = 1_700_000_000;
/// In an input, the true signature of the delivery.
const DIGEST: &[u8] = b"{digest}";

/// The input is a delivery: headers, an empty line and the body. `{digest}` in a header is replaced by the true signature.
///
/// - A delivery is accepted only if a header has the true signature and the time is within the tolerance.
/// - With the plain headers of Kelviq, a signed delivery is accepted unless its body is not an event.
/// - After a bit of the body was flipped, it is not accepted.
/// - A stored delivery is verified like the original.
/// - No error has the secret or the signature.
///
/// Returns whether the delivery is accepted.
pub fn verifier(data: &[u8]) -> bool {
    let (lines, body) = split(data);
    let pairs: Vec<_> = lines
        .split(|byte| *byte == b'\n')
        .filter_map(pair)
        .collect();
    let value = |name: &str| {
        let mut pairs = pairs.iter();
        pairs.find_map(|(key, value)| (*key == name).then_some(*value))
    };
    let (id, timestamp) = (value("webhook-id"), value("webhook-timestamp"));
    let secret = WebhookSecret::new(SECRET).unwrap();
    let verifier = WebhookVerifier::new(secret.clone());
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);

    let signed = |body: &[u8]| {
        let text = |value: Option<&[u8]>| str::from_utf8(value?).ok().map(str::to_owned);
        let header = secret.sign(&text(id)?, &text(timestamp)?, body);
        header.strip_prefix("v1,").map(str::to_owned)
    };
    let digest = signed(body);
    let replaced: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (*name, replace(value, digest.as_deref().unwrap_or_default())))
        .collect();
    let headers = WebhookHeaders::from_pairs(replaced.iter().map(|(name, value)| (*name, value)));
    let result = verifier.verify_at(headers, body, now);
    let is_accepted = result.is_ok();
    match &result {
        Ok(event) => {
            let digest = digest.as_deref().unwrap();
            assert!(replaced.iter().any(|(name, value)| {
                let value = String::from_utf8_lossy(value).to_ascii_lowercase();
                *name == "webhook-signature" && value.contains("v1") && value.contains(digest)
            }));
            let seconds: u64 = str::from_utf8(timestamp.unwrap()).unwrap().parse().unwrap();
            assert!(seconds.abs_diff(NOW) <= 300);
            assert_eq!(event.raw_body(), body);
            verifier.check_headers_at(headers, now).unwrap();
            let mut forged = body.to_vec();
            let bit = data.iter().map(|byte| usize::from(*byte)).sum::<usize>() % (body.len() * 8);
            forged[bit / 8] ^= 1 << (bit % 8);
            let error = verifier.verify_at(headers, &forged, now).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WebhookSignature);
        }
        Err(error) => {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("5ecre7"), "{shown}");
            let digest = digest.as_deref().filter(|digest| shown.contains(digest));
            assert_eq!(digest, None, "{shown}");
        }
    }

    let stored = WebhookDelivery::new(headers, body, now);
    let json = serde_json::to_string(&stored).unwrap();
    let restored: WebhookDelivery = serde_json::from_str(&json).unwrap();
    assert_eq!(restored, stored);
    if replaced
        .iter()
        .all(|(_, value)| str::from_utf8(value).is_ok())
    {
        let again = verifier.verify_delivery(&restored);
        assert_eq!(again.map_err(kind), result.map_err(kind));
    }

    if let (Some(digest), Ok(id)) = (digest, str::from_utf8(id.unwrap_or_default())) {
        let header = format!("v1,{digest}");
        let timestamp = str::from_utf8(timestamp.unwrap_or_default()).unwrap();
        let headers = WebhookHeaders::new(id, timestamp, &header);
        let result = verifier.verify_at(headers, body, now);
        let is_recent = timestamp
            .parse::<u64>()
            .is_ok_and(|seconds| seconds.abs_diff(NOW) <= 300);
        if is_recent && !id.is_empty() {
            let problem = result.err().map(kind);
            assert!(
                matches!(problem, None | Some(ErrorKind::WebhookPayload)),
                "{problem:?}"
            );
        }
    }
    is_accepted
}

/// Splits the input into the lines of the headers and the body.
fn split(data: &[u8]) -> (&[u8], &[u8]) {
    match data.windows(2).position(|part| part == b"\n\n") {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, b""),
    }
}

fn pair(line: &[u8]) -> Option<(&'static str, &[u8])> {
    WebhookHeaders::NAMES.into_iter().find_map(|name| {
        let value = line.strip_prefix(name.as_bytes())?.strip_prefix(b": ")?;
        Some((name, value))
    })
}

/// Replaces each `{digest}` in a header.
fn replace(value: &[u8], digest: &str) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(DIGEST) {
            replaced.extend_from_slice(digest.as_bytes());
            rest = after;
        } else {
            replaced.push(rest[0]);
            rest = &rest[1..];
        }
    }
    replaced
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn kind(error: kelviq_core::Error) -> ErrorKind {
    error.kind()
}
