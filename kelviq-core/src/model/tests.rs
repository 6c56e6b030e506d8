#![expect(unreachable_pub, reason = "the macros declare public types")]

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    decimal_text::DecimalText, json_text::JsonText, open_enum::open_enum, time_text::TimeText,
};

open_enum! {
    pub enum Kind {
        Usual = "usual",
    }
}

model! {
    pub struct Part {
        pub text: Option<String>,
        pub number: Option<i64>,
        pub flag: Option<bool>,
        pub kind: Option<Kind>,
        pub time: Option<TimeText>,
        pub amount: Option<DecimalText>,
        pub json: Option<JsonText>,
    }
}

model! {
    pub struct Whole {
        pub part: Option<Part>,
        pub always: bool,
        pub own: Option<Metadata>,
        pub metadata: Result<Metadata, MetadataError>,
    }
}

const KEYS: [&str; 13] = [
    "text",
    "number",
    "flag",
    "kind",
    "time",
    "amount",
    "json",
    "part",
    "always",
    "own",
    "metadata",
    r"te\u0078t",
    r"\ud800",
];

const VALUES: [&str; 30] = [
    "null",
    "true",
    "false",
    r#""true""#,
    "0",
    "-0",
    "7",
    r#""7""#,
    "-7",
    "2100.0",
    r#""2100.0""#,
    "1e5",
    "1e999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1.10",
    r#""1.10""#,
    r#""""#,
    r#""usual""#,
    r#""us\u0075al""#,
    r#""other""#,
    r#""\ud800""#,
    r#""2026-04-01T07:05:56Z""#,
    "[]",
    "[ ]",
    "{}",
    r#"{"a":1}"#,
    r#"{"text":"a","number":1}"#,
    r#"{"text":1,"\ud800":2}"#,
];

/// Objects with all kinds of values, also duplicate keys, unknown ones and white space.
fn objects() -> impl Strategy<Value = String> {
    let entry = (select(&KEYS[..]), select(&VALUES[..]));
    let entry = entry.prop_map(|(key, value)| format!(r#" "{key}" : {value} "#));
    vec(entry, 0..6).prop_map(|entries| format!("{{{}}}", entries.join(",")))
}

/// Asserts that reading in one pass fails or has the same result as reading field by field.
fn assert_read_alike<T: Model + PartialEq + fmt::Debug>(json: &str) {
    let by_field = RawObject::parse_lenient(json).map(|object| T::read_fields(&object));
    if let Ok(Usual(in_one_pass)) = serde_json::from_str::<Usual<Option<T>>>(json) {
        assert_eq!(in_one_pass, by_field, "{json}");
    }
    assert_eq!(T::read(json), by_field, "{json}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn both_ways_of_reading_have_the_same_result(json in objects()) {
        assert_read_alike::<Part>(&json);
        assert_read_alike::<Whole>(&json);
    }
}

#[test]
fn usual_values_are_read_in_one_pass() {
    let json = r#"{"text":"a","number":-7,"flag":true,"kind":"new","time":"2026-04-01","amount":1.10,"json":[1],"new":{}}"#;
    let Usual(part) = serde_json::from_str::<Usual<Option<Part>>>(json).unwrap();
    assert_eq!(part.unwrap().number, Some(-7));
    let json = format!(r#"{{"part":{json},"always":true,"own":null,"metadata":{{"a":1}}}}"#);
    let Usual(whole) = serde_json::from_str::<Usual<Option<Whole>>>(&json).unwrap();
    assert_eq!(whole.unwrap().part.unwrap().text.as_deref(), Some("a"));
}
