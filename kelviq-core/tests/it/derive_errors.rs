//! What an error says when metadata does not fit: the key, what was expected, the kind that was found, and no value.

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

/// The message for one entry that does not fit.
fn message(entry: &str) -> String {
    let json = format!("{{{entry}}}");
    let result = Metadata::from_json(json.as_str()).and_then(|metadata| metadata.parse::<Order>());
    let Err(error) = result else {
        panic!("{json} fits")
    };
    assert_eq!(error.raw(), Some(json.as_str()));
    assert_eq!(format!("{error:?}"), format!("MetadataError({error})"));
    for value in ["hidden", "300", "4711"] {
        assert!(!error.to_string().contains(value), "{error}");
    }
    error.to_string()
}

#[test]
fn kinds_are_named() {
    assert_eq!(
        message(r#""text":4711"#),
        "metadata key `text`: expected a string, found a number"
    );
    assert_eq!(
        message(r#""text":["hidden"]"#),
        "metadata key `text`: expected a string, found an array"
    );
    assert_eq!(
        message(r#""text":{"hidden":1}"#),
        "metadata key `text`: expected a string, found an object"
    );
    assert_eq!(
        message(r#""text":null"#),
        "metadata key `text`: expected a string, found null"
    );
    assert_eq!(
        message(r#""text":true"#),
        "metadata key `text`: expected a string, found a boolean"
    );
    assert_eq!(
        message(r#""small":"hidden""#),
        "metadata key `small`: expected u8, found a string"
    );
    assert_eq!(
        message(r#""flag":"hidden""#),
        "metadata key `flag`: expected a boolean, found a string"
    );
    assert_eq!(
        message(r#""list":4711"#),
        "metadata key `list`: expected a sequence, found a number"
    );
}

#[test]
fn numbers_that_do_not_fit_are_told_from_what_is_no_number() {
    assert_eq!(
        message(r#""small":300"#),
        "metadata key `small`: expected u8, found a number that does not fit"
    );
    assert_eq!(
        message(r#""small":-4711"#),
        "metadata key `small`: expected u8, found a number that does not fit"
    );
    assert_eq!(
        message(r#""signed":300"#),
        "metadata key `signed`: expected i8, found a number that does not fit"
    );
    assert_eq!(
        message(r#""small":1.5"#),
        "metadata key `small`: expected u8, found a floating point number"
    );
    assert_eq!(
        message(r#""small":47114711471147114711471147114711"#),
        "metadata key `small`: expected u8, found a number that does not fit"
    );
    assert_eq!(
        message(r#""float":1e4711"#),
        "metadata key `float`: expected f64, found a number that does not fit"
    );
    assert_eq!(
        message(r#""nonzero":0"#),
        "metadata key `nonzero`: expected a nonzero u8, found a number that does not fit"
    );
    assert_eq!(
        message(r#""initial":"hidden""#),
        "metadata key `initial`: expected a character, found a string that does not fit"
    );
}

#[test]
fn variants_are_listed() {
    let variants = "one of `pricing`, `upsell`";
    assert_eq!(
        message(r#""page":"hidden""#),
        format!("metadata key `page`: expected {variants}, found another string")
    );
    assert_eq!(
        message(r#""page":5"#),
        format!("metadata key `page`: expected {variants}, found a number")
    );
    assert_eq!(
        message(r#""page":{"upsell":{"position":"hidden"}}"#),
        "metadata key `page`, at `upsell.position`: expected u8, found a string"
    );
}

#[test]
fn nested_values_say_where() {
    assert_eq!(
        message(r#""address":{"city":5,"lines":[]}"#),
        "metadata key `address`, at `city`: expected a string, found a number"
    );
    assert_eq!(
        message(r#""address":{"city":"a","lines":[{"zip":1},{"zip":"hidden"}]}"#),
        "metadata key `address`, at `lines[1].zip`: expected u32, found a string"
    );
    assert_eq!(
        message(r#""address":{"city":"a"}"#),
        "metadata key `address`: expected an object with the key `lines`, found an object without it"
    );
    assert_eq!(
        message(r#""address":{"city":"a","lines":[{"zip":1,"hidden":1}]}"#),
        "metadata key `address`, at `lines[0]`: expected only the keys `zip`, found another key"
    );
    assert_eq!(
        message(r#""list":[1,"hidden"]"#),
        "metadata key `list`, at `[1]`: expected u32, found a string"
    );
    assert_eq!(
        message(r#""pair":[1]"#),
        "metadata key `pair`: expected a tuple of size 2, found another length"
    );
    assert_eq!(
        message(r#""pair":[1,2,4711]"#),
        "metadata key `pair`: expected a tuple of size 2, found another length"
    );
}

#[test]
fn keys_that_are_data_are_not_shown() {
    assert_eq!(
        message(r#""by_mail":{"hidden@example.com":{"zip":true}}"#),
        "metadata key `by_mail`, at `*.zip`: expected u32, found a boolean"
    );
    assert_eq!(
        message(r#""by_number":{"1":true,"2":"hidden"}"#),
        "metadata key `by_number`, at `*`: expected a boolean, found a string"
    );
    assert_eq!(
        message(r#""by_number":{"hidden":true}"#),
        "metadata key `by_number`: expected u8, found another key"
    );
}

#[test]
fn messages_of_a_types_own_may_hold_the_value_and_are_not_shown() {
    assert_eq!(
        message(r#""ip":"hidden""#),
        "metadata key `ip`: a string that the field's type does not accept"
    );
}

#[test]
fn text_that_serde_alone_notices_is_an_error_too() {
    assert_eq!(
        message(r#""address":{"city":"a","city":"b","lines":[]}"#),
        "metadata key `address`: expected an object with the key `city` once, found an object that has it twice"
    );
    assert_eq!(
        message(r#""text":"\ud800""#),
        "metadata key `text`: a string that the field's type does not accept"
    );
}

#[test]
fn a_missing_key_says_what_was_expected() {
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
        Some("metadata key `orderRef`: missing, expected a string")
    );
    assert_eq!(
        message(empty.parse::<OfAnEnum>().err()).as_deref(),
        Some("metadata key `page`: missing, expected one of `pricing`, `upsell`")
    );
}

#[test]
fn the_key_that_was_found_is_named_not_the_one_that_was_looked_for() {
    #[derive(Debug, CheckoutMetadata)]
    struct Aliased {
        #[metadata(alias = "places")]
        seats: u32,
    }
    let metadata = Metadata::from_json(r#"{"places":"hidden"}"#);
    let Err(error) = metadata.and_then(|metadata| metadata.parse::<Aliased>()) else {
        panic!("a string is no number")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `places`: expected u32, found a string"
    );
    assert_eq!(error.key(), Some("places"));
}
