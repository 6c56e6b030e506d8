//! The second look at a value that did not fit: it says what was found where it was found, blames nobody else, and shows
//! nothing of the value.

use std::{collections::BTreeMap, fmt, thread};

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Unexpected, Visitor},
};
use serde_json::value::RawValue;

/// A field of one type, for the message alone.
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
        Ok(value) => panic!("{value:?} fits"),
        Err(error) => error.to_string(),
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

/// Fails with a message that quotes the value, or with an expectation that does.
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

#[test]
fn what_was_found_is_what_is_at_the_path() {
    assert_eq!(
        message::<Address>(r#"{"choice":5}"#),
        "metadata key `value`, at `choice`: expected one of `Plain`, `Number`, `Pair`, `Fields`, found a number"
    );
    assert_eq!(
        message::<Address>(r#"{"zip":"x"}"#),
        "metadata key `value`, at `zip`: a string that the field's type does not accept"
    );
    assert_eq!(
        message::<Address>(r#"{"choice":{"Fields":{"zip":"x"}}}"#),
        "metadata key `value`, at `choice.Fields.zip`: a string that the field's type does not accept"
    );
    assert_eq!(
        message::<Vec<Zip>>(r#"["12345","x"]"#),
        "metadata key `value`, at `[1]`: a string that the field's type does not accept"
    );
}

#[test]
fn what_serde_has_buffered_is_somewhere_inside() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Gift { seats: u8 },
    }
    assert_eq!(
        message::<Tagged>(r#"{"kind":"Gift","seats":"hidden"}"#),
        "metadata key `value`, at `*`: expected u8, found a string"
    );
    assert_eq!(
        message::<Vec<Tagged>>(r#"[{"kind":"Gift","seats":4711}]"#),
        "metadata key `value`, at `[0].*`: expected u8, found a number that does not fit"
    );
}

#[test]
fn variants_say_what_belongs_in_them() {
    for value in [r#""Number""#, r#""Pair""#, r#""Fields""#] {
        let name = value.trim_matches('"');
        assert_eq!(
            message::<Choice>(value),
            format!(
                "metadata key `value`: expected an object with the key `{name}`, found a string"
            )
        );
    }
    assert_eq!(
        message::<Choice>(r#"{"Plain":"hidden"}"#),
        "metadata key `value`, at `Plain`: expected null, found a string"
    );
    assert_eq!(
        message::<Choice>(r#"{"Pair":[1]}"#),
        "metadata key `value`, at `Pair`: an array that the field's type does not accept"
    );
    assert_eq!(
        message::<Choice>(r#"{"hidden":1}"#),
        "metadata key `value`: expected one of `Plain`, `Number`, `Pair`, `Fields`, found another key"
    );
    assert_eq!(
        message::<Choice>(r#"{"Number":1,"Pair":[1,2]}"#),
        "metadata key `value`: expected one of `Plain`, `Number`, `Pair`, `Fields`, found an object"
    );
}

#[test]
fn an_expectation_that_could_hold_the_value_is_not_shown() {
    for value in [r#""ada@example.com""#, r#""ab""#, r#""abcd""#, r#""a""#] {
        assert_eq!(
            message::<Zip>(value),
            "metadata key `value`: a string that the field's type does not accept"
        );
    }
    // Of serde's own, this one is not told from such a one by its size.
    assert_eq!(
        message::<std::net::IpAddr>("5"),
        "metadata key `value`: expected IP address, found a number"
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

/// Takes bytes, which `serde_json` makes of a string.
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

/// Borrows while it reads.
#[derive(Debug, Serialize)]
struct Text(usize);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(|text| Self(text.len()))
    }
}

#[test]
fn fields_that_fit_are_not_blamed() {
    let large = |last: &str| {
        format!(
            r#"{{"unsigned":340282366920938463463374607431768211455,"signed":-170141183460469231731687303715884105728,
                "raw":{{"x": 1.10}},"bytes":"a\n","text":"lent",{last}}}"#
        )
    };
    assert_eq!(
        message::<Large>(&large(r#""seats":"hidden""#)),
        "metadata key `value`, at `seats`: expected u32, found a string"
    );
    assert_eq!(
        message::<Large>(&large(r#""other":1"#)),
        "metadata key `value`: expected an object with the key `seats`, found an object without it"
    );
    assert_eq!(
        message::<Vec<u128>>("[1,-4711]"),
        "metadata key `value`, at `[1]`: expected u128, found a number that does not fit"
    );
    assert_eq!(
        message::<BTreeMap<u128, bool>>(r#"{"340282366920938463463374607431768211455":5}"#),
        "metadata key `value`, at `*`: expected a boolean, found a number"
    );
}

#[test]
fn text_that_is_nested_too_deep_is_refused_as_serde_json_refuses_it() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Nested(Vec<Nested>);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let fits = Metadata::from_json(format!(r#"{{"value":{}}}"#, nested(127)))
        .and_then(|metadata| metadata.parse::<Of<Nested>>());
    assert!(fits.is_ok());
    assert_eq!(
        message::<Nested>(&nested(128)),
        "metadata key `value`: expected fewer levels of arrays and objects, found too many"
    );
}

/// Each level is a string with the next in it, under the name by which `serde_json` would read that as JSON again, and
/// which begins the count of how deep it may go anew.
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
fn text_that_would_be_read_again_and_again_neither_overflows_nor_leaks() {
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
            panic!("an object is no number")
        };
        assert_eq!(
            error.to_string(),
            "metadata key `value`: expected u32, found an object"
        );
        let Err(error) = metadata.parse::<Of<Vec<u32>>>() else {
            panic!("an object is no list")
        };
        Ok::<_, String>(error.to_string())
    });
    let message = thread.map(|thread| thread.join().ok());
    assert_eq!(
        message.ok().flatten(),
        Some(Ok(
            "metadata key `value`: expected a sequence, found an object".to_owned()
        ))
    );
}
