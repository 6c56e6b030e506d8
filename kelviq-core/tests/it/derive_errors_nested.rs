//! Errors of values that are nested, or whose types have custom messages: they describe the mismatch, but show nothing of the
//! value.

use std::{collections::BTreeMap, fmt, thread};

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Unexpected, Visitor},
};
use serde_json::value::RawValue;

/// A struct with one field of the given type.
#[derive(Debug, CheckoutMetadata)]
struct Of<T> {
    value: T,
}

fn message<T>(value: &str) -> String
where
    Of<T>: FromMetadata + fmt::Debug,
{
    let json = format!(r#"{{"value":{value}}}"#);
    let result = Metadata::from_json(json).and_then(|metadata| metadata.parse::<Of<T>>());
    match result {
        Ok(value) => panic!("{value:?} is valid"),
        Err(error) => {
            assert!(std::error::Error::source(&error).is_none());
            let message = error.to_string();
            assert_eq!(format!("{error:?}"), format!("MetadataError({message})"));
            for value in ["hidden", "4711", "ada@example.com"] {
                assert!(!message.contains(value), "{message}");
            }
            message
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
enum Choice {
    Plain,
    Number(u32),
    Pair(u8, u8),
    Fields { zip: Zip },
}

#[derive(Debug, Serialize, Deserialize)]
struct Address {
    zip: Option<Zip>,
    choice: Option<Choice>,
}

/// Fails with a message, or with an expectation, that quotes the value.
#[derive(Debug, Serialize)]
struct Zip(String);

impl<'de> Deserialize<'de> for Zip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.len() {
            5 => Ok(Self(text)),
            1 => Err(Error::custom(format!("not {text}"))),
            2 => {
                let expected = format!("five letters, not {}", text.to_uppercase());
                Err(Error::invalid_type(Unexpected::Other(&text), &&*expected))
            }
            length if length < 10 => Err(Error::invalid_length(length, &&*text)),
            _ => {
                let expected = format!("five letters, not {text:?}");
                Err(Error::invalid_value(Unexpected::Str(&text), &&*expected))
            }
        }
    }
}

const OBJECT_CONTENT: &str = "an object with invalid content";
const ARRAY_CONTENT: &str = "an array with invalid content";

fn expected(expected: &str, found: &str) -> String {
    format!("metadata key `value`: expected {expected}, found {found}")
}

#[test]
fn a_nested_mismatch_names_the_type_of_the_field() {
    for value in [
        r#"{"choice":5}"#,
        r#"{"zip":"x"}"#,
        r#"{"choice":{"Fields":{"zip":"x"}}}"#,
    ] {
        assert_eq!(
            message::<Address>(value),
            expected("Address", OBJECT_CONTENT)
        );
    }
    assert_eq!(
        message::<Vec<Zip>>(r#"["12345","x"]"#),
        expected("Vec<Zip>", ARRAY_CONTENT)
    );
    for value in ["[[1]]", r#"[{"hidden":1}]"#, "[null]", r#"["hidden"]"#] {
        assert_eq!(
            message::<Vec<u32>>(value),
            expected("Vec<u32>", ARRAY_CONTENT)
        );
    }
    for value in [r#"{"a":[1]}"#, r#"{"a":"hidden"}"#] {
        assert_eq!(
            message::<BTreeMap<String, u32>>(value),
            expected("BTreeMap<String, u32>", OBJECT_CONTENT)
        );
    }
}

#[test]
fn a_value_of_another_kind_is_not_a_nested_mismatch() {
    for (value, found) in [
        ("5", "a number"),
        ("1.5", "a floating point number"),
        ("true", "a boolean"),
        ("null", "null"),
        (r#""hidden""#, "a string"),
        ("[]", "an array"),
        (r#"["hidden"]"#, "an array"),
    ] {
        assert_eq!(
            message::<BTreeMap<String, u32>>(value),
            expected("BTreeMap<String, u32>", found)
        );
    }
    for value in ["{}", r#"{"hidden":[1]}"#] {
        assert_eq!(
            message::<Vec<u32>>(value),
            expected("Vec<u32>", "an object")
        );
        assert_eq!(message::<Zip>(value), expected("Zip", "an object"));
        assert_eq!(message::<u128>(value), expected("u128", "an object"));
    }
    assert_eq!(message::<u128>(r#""hidden""#), expected("u128", "a string"));
    assert_eq!(message::<u128>("true"), expected("u128", "a boolean"));
    assert_eq!(message::<Choice>("5"), expected("Choice", "a number"));
    assert_eq!(message::<Choice>("[1]"), expected("Choice", "an array"));
}

#[test]
fn values_that_serde_buffers_are_described_too() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Gift { seats: u8 },
    }
    assert_eq!(
        message::<Tagged>(r#"{"kind":"Gift","seats":"hidden"}"#),
        expected("Tagged", OBJECT_CONTENT)
    );
    assert_eq!(
        message::<Vec<Tagged>>(r#"[{"kind":"Gift","seats":4711}]"#),
        expected("Vec<Tagged>", ARRAY_CONTENT)
    );
}

#[test]
fn a_variant_with_other_content_is_a_nested_mismatch() {
    for value in [
        r#"{"Plain":"hidden"}"#,
        r#"{"Pair":[1]}"#,
        r#"{"hidden":1}"#,
        r#"{"Number":1,"Pair":[1,2]}"#,
    ] {
        assert_eq!(message::<Choice>(value), expected("Choice", OBJECT_CONTENT));
    }
    // The variant has content, which only an object contains.
    for value in [r#""Number""#, r#""Pair""#, r#""Fields""#] {
        assert_eq!(message::<Choice>(value), expected("Choice", "a string"));
    }
}

#[test]
fn a_custom_message_or_expectation_is_not_shown() {
    for value in [r#""ada@example.com""#, r#""abcd""#, r#""a""#] {
        assert_eq!(message::<Zip>(value), expected("Zip", "an invalid string"));
    }
    // The implementation reports a wrong type.
    assert_eq!(message::<Zip>(r#""ab""#), expected("Zip", "a string"));
    assert_eq!(
        message::<std::net::IpAddr>("5"),
        expected("IpAddr", "a number")
    );
}

#[derive(Debug, Serialize, Deserialize)]
struct Large {
    unsigned: u128,
    signed: i128,
    raw: Box<RawValue>,
    bytes: Bytes,
    text: Text,
    seats: u32,
}

/// Reads bytes, which `serde_json` creates from a string.
#[derive(Debug, Serialize)]
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfBytes;
        impl Visitor<'_> for OfBytes {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_owned()))
            }
        }
        deserializer.deserialize_bytes(OfBytes)
    }
}

/// Borrows from the text while it is deserialized.
#[derive(Debug, Serialize)]
struct Text(usize);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(|text| Self(text.len()))
    }
}

#[test]
fn large_numbers_and_borrowed_text_are_read() {
    let large = |last: &str| {
        format!(
            r#"{{"unsigned":340282366920938463463374607431768211455,"signed":-170141183460469231731687303715884105728,
                "raw":{{"x": 1.10}},"bytes":"a\n","text":"lent",{last}}}"#
        )
    };
    let metadata = Metadata::from_json(format!(r#"{{"value":{}}}"#, large(r#""seats":1"#)));
    assert!(metadata.unwrap().parse::<Of<Large>>().is_ok());
    for last in [r#""seats":"hidden""#, r#""other":1"#] {
        assert_eq!(
            message::<Large>(&large(last)),
            expected("Large", OBJECT_CONTENT)
        );
    }
    assert_eq!(
        message::<Vec<u128>>("[1,-4711]"),
        expected("Vec<u128>", ARRAY_CONTENT)
    );
    assert_eq!(
        message::<BTreeMap<u128, bool>>(r#"{"340282366920938463463374607431768211455":5}"#),
        expected("BTreeMap<u128, bool>", OBJECT_CONTENT)
    );
}

#[test]
fn text_that_is_nested_too_deep_is_rejected() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Nested(Vec<Nested>);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let fits = Metadata::from_json(format!(r#"{{"value":{}}}"#, nested(127)))
        .and_then(|metadata| metadata.parse::<Of<Nested>>());
    assert!(fits.is_ok());
    assert_eq!(
        message::<Nested>(&nested(128)),
        expected("Nested", ARRAY_CONTENT)
    );
}

/// Returns nested objects with the key under which `serde_json` parses a string as JSON. Each level is within the limit of
/// nested arrays, which starts again at each level.
fn hostile() -> String {
    let mut value = "1".to_owned();
    for _ in 0..12 {
        let text = format!("{}{value}{}", "[".repeat(126), "]".repeat(126));
        let text = serde_json::Value::from(text);
        value = format!(r#"{{"$serde_json::private::RawValue":{text}}}"#);
    }
    value
}

#[test]
fn text_that_is_parsed_repeatedly_does_not_overflow_the_stack() {
    let hostile = hostile();
    let small_stack = thread::Builder::new().stack_size(2 << 20);
    let thread = small_stack.spawn(move || {
        let json = format!(r#"{{"value":{hostile}}}"#);
        let metadata = Metadata::from_json(json).map_err(|error| error.to_string())?;
        assert!(metadata != serde_json::json!({}));
        assert!(
            metadata != serde_json::json!({ "value": { "$serde_json::private::RawValue": [] } })
        );
        let Err(error) = metadata.parse::<BTreeMap<String, u32>>() else {
            panic!("an object is not a number")
        };
        assert_eq!(
            error.to_string(),
            "metadata key `value`: expected u32, found an object"
        );
        let Err(error) = metadata.parse::<Of<Vec<u32>>>() else {
            panic!("an object is not a list")
        };
        Ok::<_, String>(error.to_string())
    });
    let message = thread.map(|thread| thread.join().ok());
    assert_eq!(
        message.ok().flatten(),
        Some(Ok(
            "metadata key `value`: expected Vec<u32>, found an object".to_owned()
        ))
    );
}
