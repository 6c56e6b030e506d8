//! Verification of webhook deliveries.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kelviq_core::{
    Error, ErrorKind, EventSource, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
};

const SECRET: &str = "kq_whsec_test_vector";
const ID: &str = "evt_1";
const TIMESTAMP: &str = "1700000000";
const BODY: &str = r#"{"id":"evt_1","type":"customer.created","created_at":"2026-04-01T07:05:56Z","data":{"object":{"id":"c1"}}}"#;
/// HMAC-SHA256 of `evt_1.1700000000.` and the body, computed with Python's `hmac`.
const DIGEST: &str = "3000dbe05c7536e586657c4f9ec4026d5781fa9e282d8122e3bfec46264da53d";

fn secret(text: &str) -> WebhookSecret {
    WebhookSecret::new(text).unwrap()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn verify(id: &str, timestamp: &str, signature: &str, body: &[u8]) -> Result<VerifiedEvent, Error> {
    WebhookVerifier::new(secret(SECRET)).verify_at(
        WebhookHeaders::new(id, timestamp, signature),
        body,
        at(1_700_000_000),
    )
}

fn kind(result: Result<VerifiedEvent, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn a_signature_computed_elsewhere_is_accepted() {
    let event = verify(ID, TIMESTAMP, &format!("v1,{DIGEST}"), BODY.as_bytes()).unwrap();
    assert_eq!(event.id(), "evt_1");
    assert_eq!(event.event_type().as_str(), "customer.created");
    assert_eq!(event.created_at().unwrap().as_str(), "2026-04-01T07:05:56Z");
    assert_eq!(event.object_json(), r#"{"id":"c1"}"#);
    assert_eq!(event.as_json(), BODY);
}

#[test]
fn signing_returns_the_same_header() {
    assert_eq!(
        secret(SECRET).sign(ID, TIMESTAMP, BODY.as_bytes()),
        format!("v1,{DIGEST}")
    );
}

#[test]
fn any_changed_bit_of_the_body_is_rejected() {
    let signature = format!("v1,{DIGEST}");
    for index in 0..BODY.len() {
        for bit in 0..8 {
            let mut body = BODY.as_bytes().to_vec();
            body[index] ^= 1 << bit;
            assert_eq!(
                kind(verify(ID, TIMESTAMP, &signature, &body)),
                ErrorKind::WebhookSignature
            );
        }
    }
}

#[test]
fn the_id_and_the_timestamp_are_signed_too() {
    let signature = format!("v1,{DIGEST}");
    let body = BODY.as_bytes();
    assert_eq!(
        kind(verify("evt_2", TIMESTAMP, &signature, body)),
        ErrorKind::WebhookSignature
    );
    assert_eq!(
        kind(verify(ID, "1700000001", &signature, body)),
        ErrorKind::WebhookSignature
    );
    // Moving the boundary between the parts must not produce the same signature.
    assert_eq!(
        kind(verify("evt_1.1700000000", "1", &signature, body)),
        ErrorKind::WebhookSignature
    );
}

#[test]
fn missing_and_malformed_headers_have_their_own_error_kind() {
    let good = format!("v1,{DIGEST}");
    let body = BODY.as_bytes();
    for (id, timestamp, signature) in [
        ("", TIMESTAMP, good.as_str()),
        (ID, "", &good),
        (ID, "soon", &good),
        (ID, "1e9", &good),
        (ID, "1700000000.5", &good),
        (ID, " 1700000000", &good),
        (ID, "99999999999999999999999999", &good),
        (ID, TIMESTAMP, ""),
        (ID, TIMESTAMP, DIGEST),
        (ID, TIMESTAMP, "v2,00"),
        (ID, TIMESTAMP, "v1"),
        (ID, TIMESTAMP, ",, \t,"),
        (ID, TIMESTAMP, "v1,v1,v1"),
    ] {
        let result = verify(id, timestamp, signature, body);
        assert_eq!(
            kind(result),
            ErrorKind::WebhookHeaders,
            "{id:?} {timestamp:?} {signature:?}"
        );
    }
    for missing in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let all = [
            ("webhook-id", ID),
            ("webhook-timestamp", TIMESTAMP),
            ("webhook-signature", &good),
        ];
        let headers = all.into_iter().filter(|(name, _)| *name != missing);
        let headers = WebhookHeaders::from_pairs(headers);
        let verifier = WebhookVerifier::new(secret(SECRET));
        let error = verifier
            .verify_at(headers, body, at(1_700_000_000))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookHeaders);
        assert!(error.to_string().contains(missing));
    }
}

#[test]
fn headers_that_are_not_text_are_malformed() {
    let headers = WebhookHeaders::from_pairs(WebhookHeaders::NAMES.map(|name| (name, b"\xff\xfe")));
    let verifier = WebhookVerifier::new(secret(SECRET));
    let error = verifier.verify_at(headers, b"", at(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookHeaders);
}

#[test]
fn a_malformed_signature_does_not_match() {
    let body = BODY.as_bytes();
    for signature in [
        "v1,".to_owned(),
        "v1, ,\t".to_owned(),
        "v1,abc".to_owned(),
        format!("v1,{}", &DIGEST[..63]),
        format!("v1,{DIGEST}0"),
        format!("v1,{DIGEST}00"),
        format!("v1,x,{DIGEST}"),
        format!("v1,x {DIGEST}"),
        format!("v1,x,v2,{DIGEST}"),
        format!("v1,\"{DIGEST}\""),
        format!("v1,v1={DIGEST}"),
        format!("v1,{}", "g".repeat(64)),
        format!("v1,{}", "é".repeat(32)),
        format!("v1,{}", "0".repeat(64)),
        format!("v1,{}", "0".repeat(100_000)),
    ] {
        let error = verify(ID, TIMESTAMP, &signature, body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookSignature, "{signature:.80}");
    }
}

#[test]
fn one_matching_signature_is_enough() {
    let wrong = "0".repeat(64);
    for signature in [
        format!("v1,{wrong} v1,{DIGEST}"),
        format!("v1,{DIGEST} v1,{wrong}"),
        format!("v2,whatever v1,{DIGEST}"),
    ] {
        assert!(
            verify(ID, TIMESTAMP, &signature, BODY.as_bytes()).is_ok(),
            "{signature}"
        );
    }
}

#[test]
fn either_secret_is_accepted_during_a_rotation_and_the_event_has_its_index() {
    let verifier = WebhookVerifier::new(secret("kq_whsec_new")).or_secret(secret("kq_whsec_old"));
    for (index, text) in ["kq_whsec_new", "kq_whsec_old"].into_iter().enumerate() {
        let signature = secret(text).sign(ID, TIMESTAMP, BODY.as_bytes());
        let headers = WebhookHeaders::new(ID, TIMESTAMP, &signature);
        let event = verifier
            .verify_at(headers, BODY.as_bytes(), at(1_700_000_000))
            .unwrap();
        let source = EventSource::Delivery {
            secret_index: index,
        };
        assert_eq!(event.source(), source);
    }
}

#[test]
fn the_timestamp_can_differ_by_the_tolerance_in_either_direction() {
    let signature = format!("v1,{DIGEST}");
    let verifier = WebhookVerifier::new(secret(SECRET));
    let tight = verifier.clone().tolerance(Duration::from_secs(5));
    for (verifier, seconds, accepted) in [
        (&verifier, 1_700_000_300, true),
        (&verifier, 1_699_999_700, true),
        (&verifier, 1_700_000_301, false),
        (&verifier, 1_699_999_699, false),
        (&tight, 1_700_000_005, true),
        (&tight, 1_700_000_006, false),
        (&tight, 1_699_999_994, false),
    ] {
        let headers = WebhookHeaders::new(ID, TIMESTAMP, &signature);
        let result = verifier.verify_at(headers, BODY.as_bytes(), at(seconds));
        assert_eq!(result.is_ok(), accepted, "{seconds}");
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::WebhookTimestamp);
            let difference = if seconds > 1_700_000_000 {
                "behind this machine's clock"
            } else {
                "ahead of this machine's clock"
            };
            assert!(error.to_string().contains(difference), "{error}");
        }
    }
}

#[test]
fn the_smallest_and_largest_timestamps_are_outside_the_tolerance() {
    for timestamp in [
        i64::MIN.to_string(),
        i64::MAX.to_string(),
        "0".into(),
        "-1".into(),
    ] {
        let signature = secret(SECRET).sign(ID, &timestamp, BODY.as_bytes());
        let result = verify(ID, &timestamp, &signature, BODY.as_bytes());
        assert_eq!(kind(result), ErrorKind::WebhookTimestamp, "{timestamp}");
    }
    let verifier = WebhookVerifier::new(secret(SECRET)).tolerance(Duration::MAX);
    for timestamp in [i64::MIN.to_string(), i64::MAX.to_string()] {
        let signature = secret(SECRET).sign(ID, &timestamp, BODY.as_bytes());
        let headers = WebhookHeaders::new(ID, &timestamp, &signature);
        assert!(verifier.verify_at(headers, BODY.as_bytes(), at(0)).is_ok());
    }
}

#[test]
fn a_clock_before_1970_is_behind_later_timestamps() {
    let signature = secret(SECRET).sign(ID, "200", BODY.as_bytes());
    let headers = WebhookHeaders::new(ID, "200", &signature);
    let verifier = WebhookVerifier::new(secret(SECRET));
    let clock = |before: u64| UNIX_EPOCH - Duration::from_secs(before);
    let verify = |before| verifier.verify_at(headers, BODY.as_bytes(), clock(before));
    assert!(verify(100).is_ok());
    assert_eq!(kind(verify(101)), ErrorKind::WebhookTimestamp);
}

#[test]
fn a_signed_body_that_is_not_an_event_has_its_own_error_kind() {
    for body in [
        b"".as_slice(),
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"null",
        br#"{"id":"evt_1","data":{"object":{}}}"#,
        br#"{"id":"","type":"a.b","data":{"object":{}}}"#,
        br#"{"id":true,"type":"a.b","data":{"object":{}}}"#,
    ] {
        let signature = secret(SECRET).sign(ID, TIMESTAMP, body);
        let result = verify(ID, TIMESTAMP, &signature, body);
        assert_eq!(
            kind(result),
            ErrorKind::WebhookPayload,
            "{}",
            body.escape_ascii()
        );
    }
}

#[test]
fn the_error_hints_at_the_likeliest_cause() {
    let hint = |configured: &str, signature: &str, body: &str| {
        WebhookVerifier::new(secret(configured))
            .verify_at(
                WebhookHeaders::new(ID, TIMESTAMP, signature),
                body.as_bytes(),
                at(1_700_000_000),
            )
            .unwrap_err()
            .to_string()
    };
    let good = format!("v1,{DIGEST}");
    let spaced = BODY.replace(':', ": ").replace("07: 05: 56", "07:05:56");
    let base64 = "v1,MADb4Fx1NuWGZXxPnsQCbVeB+p4oLYEi4/vsRiZNpT0=";
    assert!(hint(SECRET, &good, &spaced).contains("re-formatted"));
    assert!(hint(SECRET, &good, &format!("{BODY}\n")).contains("re-formatted"));
    assert!(hint("whsec_abc", &good, BODY).contains("another provider"));
    assert!(hint("abc", &good, BODY).contains("kq_whsec_"));
    assert!(hint(SECRET, base64, BODY).contains("base64"));
    assert!(hint(SECRET, &good[..46], BODY).contains("64 digits"));
    assert!(hint(SECRET, "v1,abc=", BODY).contains("64 digits"));
    assert!(hint("kq_whsec_other", &good, BODY).contains("KELVIQ_WEBHOOK_SECRET"));
    assert!(hint("kq_whsec_other", &good, &spaced).contains("KELVIQ_WEBHOOK_SECRET"));
    for configured in ["whsec_abc", "abc_secret", "kq_whsec_other"] {
        assert!(!hint(configured, &good, BODY).contains(configured));
    }
}

#[test]
fn a_body_with_quotes_and_spaces_in_strings_is_recognized_as_re_formatted() {
    for text in [
        r#""a b""#,
        r#""a \" b""#,
        r#""a \\""#,
        r#""\\\" a : \\\\""#,
        r#""" "#,
    ] {
        let body = format!(r#"{{"id":{},"type":"a  b"}}"#, text.trim());
        let signature = secret(SECRET).sign(ID, TIMESTAMP, body.as_bytes());
        let formatted = format!("{{\n\t\"id\": {text},\r\n\t\"type\" : \"a  b\" }}");
        let error = verify(ID, TIMESTAMP, &signature, formatted.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("re-formatted"), "{text}");
    }
}

#[test]
fn an_empty_or_malformed_secret_is_rejected() {
    for text in [
        "",
        " ",
        "\n",
        "kq_whsec_",
        "kq_whsec_a b",
        "kq_whsec_a\n",
        " kq_whsec_a",
        "kq_whsec_ä",
        "\"kq_whsec_a\"",
        "server-abc",
    ] {
        let error = WebhookSecret::new(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{text:?}");
    }
}

#[test]
fn nothing_shows_the_secret() {
    let verifier = WebhookVerifier::new(secret(SECRET));
    let refused = verify(ID, TIMESTAMP, "v1,00", BODY.as_bytes()).unwrap_err();
    for text in [
        format!("{:?}", secret(SECRET)),
        format!("{verifier:?}"),
        format!("{refused} {refused:?}"),
        format!("{:?}", WebhookSecret::new("kq_whsec_test vector")),
    ] {
        assert!(!text.contains("vector"), "{text}");
    }
    assert_eq!(format!("{:?}", secret(SECRET)), "WebhookSecret([REDACTED])");
}

/// Headers with several lines of one name.
fn headers_of<'a>(id: &'a str, timestamp: &'a str, signatures: &'a [String]) -> WebhookHeaders<'a> {
    let signatures = signatures.iter();
    let signatures = signatures.map(|line| ("webhook-signature", line.as_str()));
    WebhookHeaders::from_pairs(
        [("webhook-id", id), ("webhook-timestamp", timestamp)]
            .into_iter()
            .chain(signatures),
    )
}

#[test]
fn other_headers_do_not_take_the_place_of_signatures() {
    let signature = format!("v1,{DIGEST}");
    let names: Vec<_> = (0..20).map(|number| format!("x-header-{number}")).collect();
    let others = names.iter().map(|name| (name.as_str(), "v1,00"));
    let signed = [
        ("webhook-id", ID),
        ("webhook-timestamp", TIMESTAMP),
        ("webhook-signature", &*signature),
    ];
    WebhookVerifier::new(secret(SECRET))
        .verify_at(
            WebhookHeaders::from_pairs(others.chain(signed)),
            BODY.as_bytes(),
            at(1_700_000_000),
        )
        .unwrap();
}

#[test]
fn two_signature_lines_count_like_one_with_both_values() {
    let (good, wrong) = (format!("v1,{DIGEST}"), format!("v1,{}", "0".repeat(64)));
    let verifier = WebhookVerifier::new(secret(SECRET));
    for (lines, accepted) in [
        (vec![good.clone(), wrong.clone()], true),
        (vec![wrong.clone(), good.clone()], true),
        (
            vec![format!("{wrong} {wrong}"), format!("v2,x {good}")],
            true,
        ),
        (vec!["v2,x".into(), good.clone()], true),
        (vec![format!("{wrong}, {good}")], true),
        (vec![format!("{good}, {wrong}")], true),
        (vec![wrong.clone(), wrong.clone()], false),
    ] {
        let headers = headers_of(ID, TIMESTAMP, &lines);
        let result = verifier.verify_at(headers, BODY.as_bytes(), at(1_700_000_000));
        assert_eq!(result.is_ok(), accepted, "{lines:?}");
        assert!(
            verifier
                .check_headers_at(headers, at(1_700_000_000))
                .is_ok()
        );
    }
    let none = headers_of(ID, TIMESTAMP, &[]);
    let error = verifier
        .verify_at(none, BODY.as_bytes(), at(1_700_000_000))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookHeaders);
}

#[test]
fn signatures_on_one_line_can_be_joined_by_commas_spaces_and_tabs() {
    let verifier = WebhookVerifier::new(secret(SECRET));
    let (other, forged) = ("0".repeat(64), "1".repeat(64));
    for form in [
        "v1,A",
        "v1,A v1,B",
        "v1,B v1,A",
        "v1,A,v1,B",
        "v1,B,v1,A",
        "v1,A, v1,B",
        "v1,B, v1,A",
        "v1,B ,v1,A",
        "v1,B , v1,A",
        "v1,B,\tv1,A",
        "v1,B\tv1,A",
        "v1,B,,v1,A",
        "v1,B,  v1,A",
        " v1,A",
        ",v1,A",
        "v1,A,",
        "v1,A ",
        "v1,A\t",
        "v1, A",
        "v1,,v1,A",
        "v1,v1,A",
        "v2,B,v1,A",
        "v2,x,v1a,y,v1,A",
        "v2,v1,A",
        "v1,B,v1,B,v1,B,v1,B,v1,B,v1,B,v1,B,v1,B,v1,B,v1,A",
    ] {
        for (digest, accepted) in [(DIGEST, true), (&forged, false)] {
            let line = form.replace('B', &other).replace('A', digest);
            let headers = WebhookHeaders::new(ID, TIMESTAMP, &line);
            let result = verifier.verify_at(headers, BODY.as_bytes(), at(1_700_000_000));
            if accepted {
                assert!(result.is_ok(), "{form}");
            } else {
                assert_eq!(kind(result), ErrorKind::WebhookSignature, "{form}");
            }
            let checked = verifier.check_headers_at(headers, at(1_700_000_000));
            assert!(checked.is_ok(), "{form}");
        }
    }
}

#[test]
fn the_headers_can_be_checked_without_the_body() {
    let verifier = WebhookVerifier::new(secret(SECRET)).tolerance(Duration::from_secs(60));
    let good = format!("v1,{DIGEST}");
    let base64 = "v1,MADb4Fx1NuWGZXxPnsQCbVeB+p4oLYEi4/vsRiZNpT0=";
    let check = |id: &str, timestamp: &str, signature: &str| {
        let headers = WebhookHeaders::new(id, timestamp, signature);
        verifier
            .check_headers_at(headers, at(1_700_000_000))
            .map_err(|error| error.kind())
    };
    assert_eq!(check(ID, TIMESTAMP, &good), Ok(()));
    assert_eq!(check(ID, "1700000060", &good), Ok(()));
    // The signature of another body has the same form.
    assert_eq!(
        check(ID, TIMESTAMP, &format!("v1,{}", "0".repeat(64))),
        Ok(())
    );
    for (id, timestamp, signature, kind) in [
        ("", TIMESTAMP, &*good, ErrorKind::WebhookHeaders),
        (ID, "soon", &good, ErrorKind::WebhookHeaders),
        (ID, TIMESTAMP, "v2,00", ErrorKind::WebhookHeaders),
        (ID, TIMESTAMP, "", ErrorKind::WebhookHeaders),
        (ID, TIMESTAMP, "v1,", ErrorKind::WebhookSignature),
        (ID, TIMESTAMP, "v1,abc", ErrorKind::WebhookSignature),
        (ID, TIMESTAMP, base64, ErrorKind::WebhookSignature),
        (ID, "1700000061", &good, ErrorKind::WebhookTimestamp),
        (ID, "1699999939", &good, ErrorKind::WebhookTimestamp),
    ] {
        assert_eq!(
            check(id, timestamp, signature),
            Err(kind),
            "{timestamp} {signature}"
        );
    }
    let headers = WebhookHeaders::new(ID, TIMESTAMP, &good);
    let error = verifier.check_headers(headers).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookTimestamp);
}
