//! No secret, and no value of metadata, is in an output of `Debug` or `Display`, in an error, or in the log.

use std::{
    error::Error as StdError,
    fmt::Debug,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use kelviq_core::{
    CheckoutMetadata, EventData, FromMetadata, Metadata, ToMetadata, WebhookDelivery,
    WebhookHeaders, WebhookSecret, WebhookVerifier,
};
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    sample::select,
};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

use super::support::check;
use crate::support::log::Log;

/// Length of the parts of a secret that no output may contain.
const PART: usize = 8;

/// The random part of a secret. It is longer than the values of `KELVIQ_ENV` that an error shows.
pub(super) fn random_part() -> impl Strategy<Value = String> + Clone {
    let letter = select(&b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[..]);
    vec(letter, 21..44).prop_map(|letters| String::from_utf8(letters).unwrap())
}

/// Everything that is printed or logged until it is checked.
#[derive(Clone, Default)]
pub(super) struct Output(Log);

impl Output {
    /// Writes the log of the thread, at all levels, to the output.
    pub(super) fn subscribe(&self) -> DefaultGuard {
        self.0.subscribe(FmtSpan::FULL)
    }

    pub(super) fn debug(&self, value: &impl Debug) {
        self.text(&format!("{value:?} {value:#?}\n"));
    }

    /// Adds an error and its sources.
    pub(super) fn error(&self, error: &(dyn StdError + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.text(&format!("{error} {error:?} {error:#?}\n"));
            next = error.source();
        }
    }

    /// Adds the error of a result, or the value.
    pub(super) fn result<T: Debug, E: StdError + 'static>(&self, result: &Result<T, E>) {
        match result {
            Ok(value) => self.debug(value),
            Err(error) => self.error(error),
        }
    }

    pub(super) fn text(&self, text: &str) {
        self.0.push(text);
    }

    /// Asserts that there is some output, and no part of the secret in it.
    pub(super) fn assert_without(&self, secret: &str) {
        let text = self.0.text();
        assert!(!text.is_empty());
        for start in 0..=secret.len() - PART {
            let part = &secret[start..start + PART];
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}

/// Texts with the secret, of which the first are valid.
pub(super) fn settings(random: &str) -> Vec<String> {
    ["kq_whsec_", "whsec_", "", "server-", "client-", "SERVER-"]
        .map(|prefix| format!("{prefix}{random}"))
        .into_iter()
        .flat_map(|text| {
            [
                text.clone(),
                format!("{text}\n"),
                format!(" {text}"),
                format!("\"{text}\""),
                format!("{text}é"),
                format!("KELVIQ_API_KEY={text}"),
                format!("{text}\nKELVIQ_ENV=sandbox"),
                format!("<{text}>"),
                format!("your_{text}"),
                format!("{text}\0"),
                text.repeat(40),
            ]
        })
        .collect()
}

const BODIES: [&str; 5] = [
    r#"{"id":"evt_1","type":"customer.created","data":{"object":{"id":"c1"}}}"#,
    r#"{"id":"evt_2","type":"checkout.completed","data":{"object":{"id":"cs_1","metadata":{"a":1}}}}"#,
    r#"{ "id": "evt_1", "type": "new", "data": { "object": {} } }"#,
    "{}",
    "no JSON",
];

#[test]
fn webhook_secrets_are_not_printed() {
    let strategy = (random_part(), select(&BODIES[..]), any::<bool>());
    check(40, &strategy, |(random, body, is_stale)| {
        let output = Output::default();
        let guard = output.subscribe();
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let timestamp = if is_stale { "1600000000" } else { "1700000000" };
        let other = WebhookSecret::new("kq_whsec_other").unwrap();
        for text in settings(&random) {
            let secret = WebhookSecret::new(&*text);
            output.result(&secret);
            output.result(&WebhookSecret::from_lookup(|_| Some(text.clone())));
            let Ok(secret) = secret else { continue };
            let signature = secret.sign("evt_1", timestamp, body.as_bytes());
            let verifier = WebhookVerifier::from(secret.clone());
            let both = verifier.clone().or_secret(other.clone());
            output.debug(&(&verifier, &both));
            for signature in [
                &*signature,
                &other.sign("evt_1", timestamp, b""),
                "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "v1,",
                "",
            ] {
                let headers = WebhookHeaders::new("evt_1", timestamp, signature);
                let delivery = WebhookDelivery::new(headers, body.as_bytes(), SystemTime::now());
                output.debug(&delivery);
                for verifier in [&verifier, &both] {
                    output.result(&verifier.check_headers_at(headers, now));
                    output.result(&verifier.verify_at(headers, body.as_bytes(), now));
                    output.result(&verifier.verify_delivery(&delivery));
                }
            }
        }
        drop(guard);
        output.assert_without(&random);
    });
}

#[derive(Clone, CheckoutMetadata)]
struct Gate {
    #[metadata(allow_sensitive)]
    gate_password: String,
    lines: Vec<String>,
}

#[derive(Debug, CheckoutMetadata)]
struct Mistyped {
    #[metadata(allow_sensitive)]
    gate_password: u32,
}

#[derive(Debug, CheckoutMetadata)]
struct MistypedLines {
    lines: Vec<bool>,
}

#[derive(Debug, serde::Deserialize, serde::Serialize)]
enum Known {
    First,
}

#[derive(Debug, CheckoutMetadata)]
struct MistypedName {
    #[metadata(allow_sensitive)]
    gate_password: Known,
}

#[test]
fn values_of_metadata_are_not_printed() {
    check(200, &random_part(), |value| {
        let output = Output::default();
        let gate = Gate {
            gate_password: value.clone(),
            lines: vec![value.clone()],
        };
        let metadata = gate.to_metadata().unwrap();
        output.debug(&metadata);
        read_mistyped(&output, metadata.as_json());
        let cut = &metadata.as_json()[..metadata.as_json().len() - 1];
        read_mistyped(&output, cut);
        output.result(&Metadata::from_json(cut));
        output.result(&Metadata::from_json(format!("[{}]", metadata.as_json())));
        output.result(&metadata.get::<u32>("gate_password"));
        #[cfg(feature = "client")]
        output.debug(&crate::support::request::request().metadata(&metadata));
        let event = format!(
            r#"{{"id":"evt_1","type":"checkout.completed","data":{{"object":{{"metadata":{},"customer":{{"email":"{value}@a.example","name":"{value}"}}}}}}}}"#,
            metadata.as_json()
        );
        let secret = WebhookSecret::new("kq_whsec_test").unwrap();
        let signature = secret.sign("evt_1", "1700000000", event.as_bytes());
        let headers = WebhookHeaders::new("evt_1", "1700000000", &signature);
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let guard = output.subscribe();
        let event = WebhookVerifier::new(secret)
            .verify_at(headers, event.as_bytes(), now)
            .unwrap();
        output.debug(&event);
        output.debug(&event.data());
        let data = event.data_as::<Mistyped>();
        output.debug(&data);
        if let EventData::CheckoutCompleted(session) = data {
            output.result(&session.metadata);
        }
        drop(guard);
        output.assert_without(&value);
    });
}

/// Adds the errors of reading the text as other types.
fn read_mistyped(output: &Output, json: &str) {
    output.result(&Mistyped::from_json(json));
    output.result(&MistypedLines::from_json(json));
    output.result(&MistypedName::from_json(json));
    output.result(&<std::collections::BTreeMap<String, u8>>::from_json(json));
}
