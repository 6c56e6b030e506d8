//! A struct is read from its metadata as it was written, however the metadata travels.

use std::fmt::Debug;

use kelviq_core::{
    CheckoutMetadata, EventData, FromMetadata, Metadata, MetadataError, ToMetadata, WebhookHeaders,
    WebhookSecret, WebhookVerifier,
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    sample::select,
};

use super::{
    metadata_values::{Flattened, Order, flattened, numbers, open, order, purchase},
    support::check,
};

/// Asserts that the value is read as it was written, and that writing it again gives the same text.
fn assert_identity<T: ToMetadata + FromMetadata + Clone + PartialEq + Debug>(value: &T) {
    let metadata = value.to_metadata().unwrap();
    let json = metadata.as_json();
    assert_eq!(metadata.parse::<T>().as_ref(), Ok(value), "{json}");
    assert_eq!(T::from_json(json).as_ref(), Ok(value), "{json}");
    let back = delivered::<T>(json).unwrap();
    assert_eq!(back, *value, "{json}");
    assert_eq!(back.to_metadata().unwrap(), metadata);
    #[cfg(feature = "client")]
    assert_eq!(requested(value), metadata);
}

/// Sends the metadata in a signed `checkout.completed`.
fn delivered<T: FromMetadata>(json: &str) -> Result<T, MetadataError> {
    let body = format!(
        r#"{{"id":"evt_1","type":"checkout.completed","data":{{"object":{{"id":"cs_1","metadata": {json} }}}}}}"#
    );
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let now = std::time::SystemTime::now();
    let seconds = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    let timestamp = seconds.as_secs().to_string();
    let signature = secret.sign("evt_1", &timestamp, body.as_bytes());
    let headers = WebhookHeaders::new("evt_1", &timestamp, &signature);
    let verifier = WebhookVerifier::new(secret);
    let event = verifier.verify_at(headers, body.as_bytes(), now).unwrap();
    let EventData::CheckoutCompleted(session) = event.data_as::<T>() else {
        panic!("{body}")
    };
    session.metadata
}

/// Returns the metadata in the body of a request.
#[cfg(feature = "client")]
fn requested(value: &impl ToMetadata) -> Metadata {
    #[derive(serde::Deserialize)]
    struct Body {
        metadata: Metadata,
    }
    let request = crate::support::request::request().metadata(value);
    let body: Body = serde_json::from_str(&request.to_json().unwrap()).unwrap();
    body.metadata
}

#[test]
fn numbers_of_all_widths_are_read_as_they_were_written() {
    check(400, &numbers(), |numbers| assert_identity(&numbers));
}

#[test]
fn a_struct_is_read_as_it_was_written() {
    check(300, &order(), |order| assert_identity(&order));
}

#[test]
fn a_struct_with_flattened_fields_is_read_as_it_was_written() {
    check(300, &flattened(), |flattened| assert_identity(&flattened));
}

#[test]
fn an_enum_is_read_as_it_was_written() {
    check(200, &purchase(), |purchase| assert_identity(&purchase));
}

#[test]
fn other_entries_keep_their_text() {
    check(300, &open(), |open| assert_identity(&open));
}

/// Returns the text of the object with each entry twice, first with another value, in the given order, with white space.
fn rearranged(metadata: &Metadata, is_reversed: bool) -> String {
    let mut entries: Vec<_> = metadata
        .iter()
        .flat_map(|(key, value)| {
            let key = serde_json::to_string(key).unwrap();
            [format!("{key}:[0]"), format!(" {key}\n:\t{value} ")]
        })
        .collect();
    if is_reversed {
        let (first, last): (Vec<_>, Vec<_>) = entries
            .chunks(2)
            .rev()
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .unzip();
        entries = [first, last].concat();
    }
    format!(" {{{}}} ", entries.join(","))
}

#[test]
fn order_white_space_and_earlier_duplicates_change_nothing() {
    check(150, &(order(), any::<bool>()), |(order, is_reversed)| {
        let json = rearranged(&order.to_metadata().unwrap(), is_reversed);
        assert_eq!(Order::from_json(&json), Ok(order), "{json}");
    });
    check(
        150,
        &(flattened(), any::<bool>()),
        |(value, is_reversed)| {
            let json = rearranged(&value.to_metadata().unwrap(), is_reversed);
            assert_eq!(Flattened::from_json(&json), Ok(value), "{json}");
        },
    );
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Small {
    a: u32,
    #[metadata(alias = "old")]
    b: Option<String>,
    c: Option<Vec<bool>>,
}

/// Has the same keys as [`Small`], but is not read in the order of the text.
#[derive(Debug, PartialEq, CheckoutMetadata)]
struct FlattenedSmall {
    #[metadata(flatten)]
    small: Small,
}

#[test]
fn any_text_is_read_alike_in_the_order_of_the_text_and_by_key() {
    let key = select(
        &[
            r#""a""#,
            r#""b""#,
            r#""old""#,
            r#""c""#,
            r#""\u0061""#,
            r#""d""#,
            r#""\ud800""#,
            "1",
        ][..],
    );
    let value = select(
        &[
            "1",
            "-1",
            "1.0",
            "4294967296",
            "null",
            r#""x""#,
            r#""\ud800""#,
            "[true]",
            "[1]",
            "[true",
            "",
            "{}",
            "true",
        ][..],
    );
    let entry = (key, value).prop_map(|(key, value)| format!("{key}:{value}"));
    let start = select(&["{", "{", "{", " { ", "[", ""][..]);
    let between = select(&[",", ",", ",", " ,\n", "", " ", "}", ",,", ":"][..]);
    let end = select(&["}", "}", "}", " } ", "} x", ",}", "]", ""][..]);
    let ordered = Just(vec![r#""a":1"#.to_owned(), r#""b":"x""#.to_owned()]);
    let entries = proptest::prop_oneof![
        vec(entry.clone(), 0..5),
        (ordered, vec(entry, 0..2)).prop_map(|(mut all, more)| {
            all.extend(more);
            all
        })
    ];
    check(
        4_000,
        &(start, entries, between, end),
        |(start, entries, between, end)| {
            let json = format!("{start}{}{end}", entries.join(between));
            let by_key = FlattenedSmall::from_json(&json).map(|flattened| flattened.small);
            assert_eq!(Small::from_json(&json), by_key, "{json:?}");
        },
    );
}
