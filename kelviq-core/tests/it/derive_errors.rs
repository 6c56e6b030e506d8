//! Errors of metadata that cannot be read: they name the key, the expected type and the kind of value, but no value.

use std::{collections::BTreeMap, num::NonZeroU8};

use kelviq_core::{CheckoutMetadata, Metadata, MetadataError};
use serde::Deserialize;

#[derive(Debug, serde::Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Page {
    Pricing,
    Upsell { position: u8 },
}

#[derive(Debug, serde::Serialize, Deserialize)]
struct Address {
    city: String,
    lines: Vec<Line>,
    page: Option<Page>,
}

#[derive(Debug, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    zip: u32,
}

#[derive(Debug, CheckoutMetadata)]
struct Order {
    #[metadata(default)]
    text: String,
    #[metadata(default)]
    small: u8,
    #[metadata(default)]
    signed: i8,
    #[metadata(default)]
    float: f64,
    #[metadata(default)]
    flag: bool,
    initial: Option<char>,
    nonzero: Option<NonZeroU8>,
    page: Option<Page>,
    #[metadata(default)]
    list: Vec<u32>,
    pair: Option<(u8, u8)>,
    address: Option<Address>,
    #[metadata(default)]
    by_mail: BTreeMap<String, Line>,
    #[metadata(default)]
    by_number: BTreeMap<u8, bool>,
    ip: Option<std::net::IpAddr>,
}

/// Returns the error message for one invalid entry.
fn message(entry: &str) -> String {
    let json = format!("{{{entry}}}");
    let result = Metadata::from_json(json.as_str()).and_then(|metadata| metadata.parse::<Order>());
    let Err(error) = result else {
        panic!("{json} is valid")
    };
    assert_eq!(error.raw(), Some(json.as_str()));
    assert_eq!(format!("{error:?}"), format!("MetadataError({error})"));
    assert!(std::error::Error::source(&error).is_none());
    for value in ["hidden", "300", "4711"] {
        assert!(!error.to_string().contains(value), "{error}");
    }
    error.to_string()
}

#[test]
fn kinds_are_named() {
    assert_eq!(
        message(r#""text":4711"#),
        "metadata key `text`: expected String, found a number"
    );
    assert_eq!(
        message(r#""text":["hidden"]"#),
        "metadata key `text`: expected String, found an array"
    );
    assert_eq!(
        message(r#""text":{"hidden":1}"#),
        "metadata key `text`: expected String, found an object"
    );
    assert_eq!(
        message(r#""text":null"#),
        "metadata key `text`: expected String, found null"
    );
    assert_eq!(
        message(r#""text":true"#),
        "metadata key `text`: expected String, found a boolean"
    );
    assert_eq!(
        message(r#""small":"hidden""#),
        "metadata key `small`: expected u8, found a string"
    );
    assert_eq!(
        message(r#""flag":"hidden""#),
        "metadata key `flag`: expected bool, found a string"
    );
    assert_eq!(
        message(r#""list":4711"#),
        "metadata key `list`: expected Vec<u32>, found a number"
    );
}

#[test]
fn numbers_that_do_not_fit_are_distinguished_from_other_kinds() {
    assert_eq!(
        message(r#""small":300"#),
        "metadata key `small`: expected u8, found an invalid number"
    );
    assert_eq!(
        message(r#""small":-4711"#),
        "metadata key `small`: expected u8, found an invalid number"
    );
    assert_eq!(
        message(r#""signed":300"#),
        "metadata key `signed`: expected i8, found an invalid number"
    );
    assert_eq!(
        message(r#""small":1.5"#),
        "metadata key `small`: expected u8, found a floating point number"
    );
    assert_eq!(
        message(r#""small":47114711471147114711471147114711"#),
        "metadata key `small`: expected u8, found an invalid number"
    );
    assert_eq!(
        message(r#""float":1e4711"#),
        "metadata key `float`: expected f64, found an invalid number"
    );
    assert_eq!(
        message(r#""nonzero":0"#),
        "metadata key `nonzero`: expected Option<NonZero<u8>>, found an invalid number"
    );
    assert_eq!(
        message(r#""initial":"hidden""#),
        "metadata key `initial`: expected Option<char>, found an invalid string"
    );
}

#[test]
fn an_unknown_variant_is_distinguished_from_another_kind() {
    assert_eq!(
        message(r#""page":"hidden""#),
        "metadata key `page`: expected Option<Page>, found an invalid string"
    );
    assert_eq!(
        message(r#""page":5"#),
        "metadata key `page`: expected Option<Page>, found a number"
    );
    assert_eq!(
        message(r#""page":["hidden"]"#),
        "metadata key `page`: expected Option<Page>, found an array"
    );
    assert_eq!(
        message(r#""page":{"upsell":{"position":"hidden"}}"#),
        "metadata key `page`: expected Option<Page>, found an object with invalid content"
    );
}

#[test]
fn a_mismatch_inside_a_value_is_reported_without_a_path() {
    assert_eq!(
        message(r#""address":{"city":5,"lines":[]}"#),
        "metadata key `address`: expected Option<Address>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""address":{"city":"a","lines":[{"zip":1},{"zip":"hidden"}]}"#),
        "metadata key `address`: expected Option<Address>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""address":{"city":"a"}"#),
        "metadata key `address`: expected Option<Address>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""address":{"city":"a","lines":[{"zip":1,"hidden":1}]}"#),
        "metadata key `address`: expected Option<Address>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""list":[1,"hidden"]"#),
        "metadata key `list`: expected Vec<u32>, found an array with invalid content"
    );
    assert_eq!(
        message(r#""pair":[1]"#),
        "metadata key `pair`: expected Option<(u8, u8)>, found an array with invalid content"
    );
    assert_eq!(
        message(r#""pair":[1,2,4711]"#),
        "metadata key `pair`: expected Option<(u8, u8)>, found an array with invalid content"
    );
}

#[test]
fn keys_inside_a_value_are_not_shown() {
    assert_eq!(
        message(r#""by_mail":{"hidden@example.com":{"zip":true}}"#),
        "metadata key `by_mail`: expected BTreeMap<String, Line>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""by_number":{"1":true,"2":"hidden"}"#),
        "metadata key `by_number`: expected BTreeMap<u8, bool>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""by_number":{"hidden":true}"#),
        "metadata key `by_number`: expected BTreeMap<u8, bool>, found an object with invalid content"
    );
}

#[test]
fn custom_messages_of_a_type_are_not_shown_because_they_may_contain_the_value() {
    assert_eq!(
        message(r#""ip":"hidden""#),
        "metadata key `ip`: expected Option<IpAddr>, found an invalid string"
    );
}

#[test]
fn errors_that_only_serde_detects_are_reported_too() {
    assert_eq!(
        message(r#""address":{"city":"a","city":"b","lines":[]}"#),
        "metadata key `address`: expected Option<Address>, found an object with invalid content"
    );
    assert_eq!(
        message(r#""text":"\ud800""#),
        "metadata key `text`: expected String, found an invalid string"
    );
}

#[test]
fn a_missing_key_names_the_expected_type() {
    #[derive(Debug, CheckoutMetadata)]
    struct Required {
        seats: u32,
    }
    #[derive(Debug, CheckoutMetadata)]
    struct Others {
        #[metadata(rename = "orderRef", alias = "ref")]
        order_ref: Newtype,
    }
    #[derive(Debug, serde::Serialize, Deserialize)]
    struct Newtype(String);
    #[derive(Debug, CheckoutMetadata)]
    struct OfAnEnum {
        page: Page,
    }
    let empty = Metadata::new();
    let message = |error: Option<MetadataError>| error.map(|error| error.to_string());
    assert_eq!(
        message(empty.parse::<Required>().err()).as_deref(),
        Some("metadata key `seats`: missing, expected u32")
    );
    assert_eq!(
        message(empty.parse::<Others>().err()).as_deref(),
        Some("metadata key `orderRef`: missing, expected Newtype")
    );
    assert_eq!(
        message(empty.parse::<OfAnEnum>().err()).as_deref(),
        Some("metadata key `page`: missing, expected Page")
    );
}

#[test]
fn an_alias_that_was_found_is_named_instead_of_the_key_of_the_field() {
    #[derive(Debug, CheckoutMetadata)]
    struct Aliased {
        #[metadata(alias = "places")]
        seats: u32,
    }
    let metadata = Metadata::from_json(r#"{"places":"hidden"}"#);
    let Err(error) = metadata.and_then(|metadata| metadata.parse::<Aliased>()) else {
        panic!("a string is not a number")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `places`: expected u32, found a string"
    );
    assert_eq!(error.key(), Some("places"));
}
