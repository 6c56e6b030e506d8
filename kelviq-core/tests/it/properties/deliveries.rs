//! A signed delivery is rejected if any bit of it was flipped.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kelviq_core::{
    Error, ErrorKind, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
};
use proptest::{
    collection::vec,
    option,
    prelude::{Strategy, any},
    sample::{Index, select},
};

use super::support::{check, text};

fn secret() -> impl Strategy<Value = WebhookSecret> {
    let letter = select(&b"0123456789ABCXYZabcxyz_-"[..]);
    vec(letter, 8..40).prop_map(|letters| {
        let letters = String::from_utf8(letters).unwrap();
        WebhookSecret::new(format!("kq_whsec_{letters}")).unwrap()
    })
}

/// A delivery with up to two signatures, of which the verifier knows the secret of one.
#[derive(Clone, Debug)]
struct Delivery {
    known: WebhookSecret,
    id: Vec<u8>,
    timestamp: Vec<u8>,
    before: Vec<u8>,
    /// `v1,` and the digest made with the known secret.
    signature: Vec<u8>,
    after: Vec<u8>,
    body: Vec<u8>,
    now: SystemTime,
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    let secrets = (secret(), option::of((secret(), any::<bool>())));
    let id = text(1..30).prop_filter("the event needs an id", |id| {
        !id.trim().is_empty() && !id.contains(char::is_control)
    });
    let seconds = 0..4_000_000_000_u64;
    let event_type = select(&["checkout.completed", "customer.created", "new.type"][..]);
    let event = (id, seconds, event_type, text(0..60));
    (secrets, event).prop_map(|((known, other), (id, seconds, event_type, name))| {
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let body = format!(
            r#"{{"id":{},"type":"{event_type}","data":{{"object":{{"name":{}}}}}}}"#,
            json(&id),
            json(&name)
        );
        let timestamp = seconds.to_string();
        let signed = |secret: &WebhookSecret| secret.sign(&id, &timestamp, body.as_bytes());
        let (before, after) = match &other {
            None => (String::new(), String::new()),
            Some((other, true)) => (format!("{} ", signed(other)), String::new()),
            Some((other, false)) => (String::new(), format!(" {}", signed(other))),
        };
        Delivery {
            signature: signed(&known).into(),
            known,
            before: before.into(),
            after: after.into(),
            now: UNIX_EPOCH + Duration::from_secs(seconds),
            id: id.into(),
            timestamp: timestamp.into(),
            body: body.into(),
        }
    })
}

impl Delivery {
    /// The parts that no one may change.
    fn parts(&mut self) -> [&mut Vec<u8>; 4] {
        [
            &mut self.id,
            &mut self.timestamp,
            &mut self.signature,
            &mut self.body,
        ]
    }

    fn verify(&self) -> Result<VerifiedEvent, Error> {
        let line = [&*self.before, &*self.signature, &*self.after].concat();
        let headers = WebhookHeaders::from_pairs([
            ("webhook-id", &self.id),
            ("webhook-timestamp", &self.timestamp),
            ("webhook-signature", &line),
        ]);
        WebhookVerifier::new(self.known.clone()).verify_at(headers, &self.body, self.now)
    }
}

#[test]
fn a_flipped_bit_of_the_id_timestamp_signature_or_body_is_rejected() {
    // Each part has the same share, however long it is.
    let flip = (0..4_usize, any::<Index>(), 0..8_u32);
    check(
        800,
        &(deliveries(), flip),
        |(mut delivery, (part, at, bit))| {
            delivery.verify().unwrap();
            let part = &mut *delivery.parts()[part];
            let at = at.index(part.len());
            part[at] ^= 1 << bit;
            let error = delivery.verify().map(drop);
            // The case of a hex digit is no part of the digest.
            let is_case = delivery
                .signature
                .get(at)
                .is_some_and(|letter| bit == 5 && at >= "v1,".len() && b"ABCDEF".contains(letter));
            match error {
                Ok(()) => assert!(is_case, "{delivery:?}"),
                Err(error) => assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::WebhookSignature | ErrorKind::WebhookHeaders
                    ),
                    "{error}"
                ),
            }
        },
    );
}

#[test]
fn a_flipped_bit_of_a_second_signature_changes_nothing_but_its_own_signature() {
    let flip = (any::<Index>(), 0..8_u32);
    check(500, &(deliveries(), flip), |(mut delivery, (at, bit))| {
        let Delivery { before, after, .. } = &mut delivery;
        // The digest of the other signature, without `v1,` and the space that separates it.
        let digest = match (before.len(), after.len()) {
            (0, 0) => return,
            (0, end) => &mut after[4..end],
            (end, _) => &mut before[3..end - 1],
        };
        let at = at.index(digest.len());
        digest[at] ^= 1 << bit;
        match (digest[at].is_ascii(), delivery.verify()) {
            (true, result) => drop(result.unwrap()),
            (false, result) => {
                let kind = result.map(drop).unwrap_err().kind();
                assert_eq!(kind, ErrorKind::WebhookHeaders);
            }
        }
    });
}
