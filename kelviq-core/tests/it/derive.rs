//! `#[derive(CheckoutMetadata)]` on structs: writing and reading.

#![allow(
    clippy::option_option,
    clippy::ref_option,
    clippy::struct_field_names,
    clippy::trivially_copy_pass_by_ref,
    reason = "applications have such fields, and serde's `with` requires such functions"
)]

use std::collections::{BTreeMap, BTreeSet};

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata, MetadataError, ToMetadata};
use serde::{Deserialize, Serialize};

type Result = std::result::Result<(), MetadataError>;

/// Returns the JSON text of `value`. Checks that reading it returns the same value.
fn round_trip<T: ToMetadata + FromMetadata + PartialEq + std::fmt::Debug>(
    value: &T,
) -> std::result::Result<String, MetadataError> {
    let metadata = value.to_metadata()?;
    assert_eq!(metadata.parse::<T>()?, *value);
    Ok(metadata.as_json().to_owned())
}

fn parse<T: FromMetadata>(json: &str) -> std::result::Result<T, MetadataError> {
    Metadata::from_json(json)?.parse()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct OrderRef(String);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Page {
    PricingPage,
    Upsell { position: u8 },
}

#[derive(Debug, Default, PartialEq)]
struct Line;

#[test]
fn every_field_is_a_key_in_order_with_its_own_json_type() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct OrderMetadata {
        order_ref: OrderRef,
        #[metadata(rename = "source")]
        placed_from: Page,
        seats: u32,
        ratio: f64,
        gift: bool,
        initial: char,
        tags: Vec<String>,
        amounts: BTreeMap<String, u64>,
        pair: (u8, String),
        upsell: Page,
        nothing: (),
    }

    let order = OrderMetadata {
        order_ref: OrderRef("ABC-123".into()),
        placed_from: Page::PricingPage,
        seats: 5,
        ratio: 0.5,
        gift: true,
        initial: 'ü',
        tags: vec!["a".into(), "\"b\"\n".into()],
        amounts: BTreeMap::from([("net".into(), 9_007_199_254_740_993)]),
        pair: (1, "x".into()),
        upsell: Page::Upsell { position: 2 },
        nothing: (),
    };
    assert_eq!(
        round_trip(&order)?,
        r#"{"order_ref":"ABC-123","source":"pricing_page","seats":5,"ratio":0.5,"gift":true,"initial":"ü","tags":["a","\"b\"\n"],"amounts":{"net":9007199254740993},"pair":[1,"x"],"upsell":{"upsell":{"position":2}},"nothing":null}"#
    );
    assert_eq!(
        OrderMetadata::KEYS.to_vec(),
        [
            "order_ref",
            "source",
            "seats",
            "ratio",
            "gift",
            "initial",
            "tags",
            "amounts",
            "pair",
            "upsell",
            "nothing"
        ]
    );
    assert!(OrderMetadata::KEYS.is_complete());
    Ok(())
}

#[test]
fn none_writes_no_key_and_absent_or_null_reads_as_none() -> Result {
    type Perhaps = Option<u32>;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Coupon(Option<String>);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Code {
        code: Option<String>,
    }

    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        first: Option<String>,
        alias: Perhaps,
        newtype: Coupon,
        transparent: Code,
        last: u8,
        nested: Option<Option<u8>>,
    }

    let none = Order {
        first: None,
        alias: None,
        newtype: Coupon(None),
        transparent: Code { code: None },
        last: 1,
        nested: None,
    };
    assert_eq!(round_trip(&none)?, r#"{"last":1}"#);
    let nulls =
        r#"{"first":null,"alias":null,"newtype":null,"transparent":null,"last":1,"nested":null}"#;
    assert_eq!(parse::<Order>(nulls)?, none);

    let some = Order {
        first: Some("a".into()),
        alias: Some(1),
        newtype: Coupon(Some("b".into())),
        transparent: Code {
            code: Some("c".into()),
        },
        last: 1,
        nested: Some(Some(2)),
    };
    assert_eq!(
        round_trip(&some)?,
        r#"{"first":"a","alias":1,"newtype":"b","transparent":"c","last":1,"nested":2}"#
    );
    Ok(())
}

#[test]
fn none_inside_a_value_stays_null() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        list: Vec<Option<u8>>,
        nested: Option<Option<u8>>,
    }
    let order = Order {
        list: vec![None, Some(1)],
        nested: Some(None),
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"list":[null,1],"nested":null}"#
    );
    Ok(())
}

#[test]
fn a_skipped_field_is_never_written_and_reads_as_its_default() -> Result {
    fn eight() -> u8 {
        8
    }
    /// Implements neither serde's traits nor `Default`.
    #[derive(Debug, PartialEq)]
    struct Handle(&'static str);

    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(skip)]
        cart: Vec<Line>,
        id: u8,
        #[metadata(skip, default = eight)]
        eight: u8,
        #[metadata(skip, default = Order::handle)]
        handle: Handle,
    }
    impl Order {
        fn handle() -> Handle {
            Handle("made")
        }
    }

    let order = Order {
        cart: vec![Line],
        id: 1,
        eight: 1,
        handle: Handle("given"),
    };
    assert_eq!(order.to_metadata()?.as_json(), r#"{"id":1}"#);
    assert_eq!(Order::KEYS.to_vec(), ["id"]);
    let back: Order = parse(r#"{"id":1,"cart":"ignored","eight":7}"#)?;
    assert_eq!(
        back,
        Order {
            cart: vec![],
            id: 1,
            eight: 8,
            handle: Handle("made")
        }
    );
    Ok(())
}

#[test]
fn an_absent_key_reads_as_the_default() -> Result {
    fn one() -> u32 {
        1
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(default)]
        seats: u32,
        #[metadata(default = one)]
        quantity: u32,
        #[metadata(default = "one")]
        quoted: u32,
        #[metadata(default = Vec::<u8>::new)]
        list: Vec<u8>,
    }
    let default = Order {
        seats: 0,
        quantity: 1,
        quoted: 1,
        list: vec![],
    };
    assert_eq!(parse::<Order>("{}")?, default);
    assert_eq!(
        round_trip(&default)?,
        r#"{"seats":0,"quantity":1,"quoted":1,"list":[]}"#
    );
    // As in serde, null is not an absent value.
    let error = parse::<Order>(r#"{"seats":null}"#)
        .err()
        .map(|error| error.to_string());
    assert_eq!(
        error.as_deref(),
        Some("metadata key `seats`: expected u32, found null")
    );
    Ok(())
}

#[test]
fn an_alias_is_read_if_the_key_of_the_field_is_absent() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(rename = "order_ref", alias = "order", alias = "orderRef")]
        reference: String,
        #[metadata(alias = "places", default)]
        seats: u32,
        #[metadata(alias = "code")]
        coupon: Option<String>,
    }
    let order = |reference: &str, seats, coupon: Option<&str>| Order {
        reference: reference.into(),
        seats,
        coupon: coupon.map(Into::into),
    };
    assert_eq!(parse::<Order>(r#"{"order":"A"}"#)?, order("A", 0, None));
    assert_eq!(
        parse::<Order>(r#"{"orderRef":"B","places":2,"code":"x"}"#)?,
        order("B", 2, Some("x"))
    );
    assert_eq!(
        parse::<Order>(r#"{"order":"A","order_ref":"C"}"#)?,
        order("C", 0, None)
    );
    assert_eq!(Order::KEYS.to_vec(), ["order_ref", "seats", "coupon"]);
    assert_eq!(
        round_trip(&order("C", 1, None))?,
        r#"{"order_ref":"C","seats":1}"#
    );
    Ok(())
}

/// Formats cents as a decimal string.
mod cents {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(cents: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02}", cents / 100, cents % 100))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.replace('.', "")
            .parse()
            .map_err(|_| D::Error::custom(format!("{text} is no amount")))
    }

    pub(super) mod optional {
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct Cents(#[serde(with = "super")] u64);

        pub(crate) fn serialize<S: Serializer>(
            cents: &Option<u64>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            cents.map(Cents).serialize(serializer)
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<u64>, D::Error> {
            Ok(Option::<Cents>::deserialize(deserializer)?.map(|cents| cents.0))
        }
    }
}

#[test]
fn with_writes_and_reads_with_the_functions_of_a_module() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(with = cents)]
        net: u64,
        #[metadata(with = "cents", rename = "gross_amount", default)]
        gross: u64,
        #[metadata(with = crate::derive::cents::optional)]
        tip: Option<u64>,
    }
    let order = Order {
        net: 1005,
        gross: 1200,
        tip: Some(50),
    };
    assert_eq!(
        round_trip(&order)?,
        r#"{"net":"10.05","gross_amount":"12.00","tip":"0.50"}"#
    );

    // The module decides what an absent key is: `None` for an `Option`, an error for any other type.
    let order = Order {
        net: 1,
        gross: 0,
        tip: None,
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"net":"0.01","gross_amount":"0.00"}"#
    );
    assert_eq!(parse::<Order>(r#"{"net":"0.01"}"#)?, order);
    let message = |json| parse::<Order>(json).err().map(|error| error.to_string());
    assert_eq!(
        message("{}").as_deref(),
        Some("metadata key `net`: missing, expected u64 in the format of `cents`")
    );
    assert_eq!(
        message(r#"{"net":5}"#).as_deref(),
        Some("metadata key `net`: expected u64 in the format of `cents`, found a number")
    );
    assert_eq!(
        message(r#"{"net":"hidden"}"#).as_deref(),
        Some("metadata key `net`: expected u64 in the format of `cents`, found an invalid string")
    );
    Ok(())
}

#[test]
fn explicit_sends_only_marked_fields() -> Result {
    fn five() -> u32 {
        5
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[metadata(explicit)]
    struct Customer {
        #[metadata]
        id: u64,
        #[metadata()]
        plan: String,
        #[metadata(rename = "mail")]
        email: Option<String>,
        // Allowed because the field is not sent.
        password_hash: String,
        lines: Vec<Line>,
        #[metadata(skip, default = five)]
        logins: u32,
    }
    let customer = Customer {
        id: 1,
        plan: "pro".into(),
        email: Some("ada@example.com".into()),
        password_hash: "hidden".into(),
        lines: vec![Line],
        logins: 9,
    };
    let metadata = customer.to_metadata()?;
    assert_eq!(
        metadata.as_json(),
        r#"{"id":1,"plan":"pro","mail":"ada@example.com"}"#
    );
    assert_eq!(Customer::KEYS.to_vec(), ["id", "plan", "mail"]);
    let back: Customer = metadata.parse()?;
    assert_eq!(
        (back.password_hash.as_str(), back.lines.len(), back.logins),
        ("", 0, 5)
    );
    Ok(())
}

#[test]
fn keys_are_written_as_they_are_named() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[allow(non_snake_case, reason = "the name is the key")]
    struct Keys {
        r#type: u8,
        straße: u8,
        camelCase: u8,
        #[metadata(rename = "a\"b\\c\n")]
        escaped: u8,
        #[metadata(rename = "utm.source 🚀")]
        any_text: u8,
        #[metadata(rename = r#"raw "text""#)]
        raw: u8,
    }
    let keys = Keys {
        r#type: 1,
        straße: 2,
        camelCase: 3,
        escaped: 4,
        any_text: 5,
        raw: 6,
    };
    assert_eq!(
        round_trip(&keys)?,
        r#"{"type":1,"straße":2,"camelCase":3,"a\"b\\c\n":4,"utm.source 🚀":5,"raw \"text\"":6}"#
    );
    assert_eq!(
        Keys::KEYS.to_vec(),
        [
            "type",
            "straße",
            "camelCase",
            "a\"b\\c\n",
            "utm.source 🚀",
            "raw \"text\""
        ]
    );
    Ok(())
}

#[test]
fn rename_all_results_in_the_same_keys_as_in_serde() -> Result {
    macro_rules! same_as_serde {
        ($($case:literal)*) => {$({
            #[derive(Debug, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
            #[serde(rename_all = $case)]
            #[metadata(rename_all = $case)]
            struct Order {
                order_ref: u8,
                x: u8,
                utm2_source: u8,
                r#type: u8,
                _private: u8,
                #[serde(rename = "asWritten")]
                #[metadata(rename = "asWritten")]
                renamed: u8,
            }
            let order = Order { order_ref: 1, x: 2, utm2_source: 3, r#type: 4, _private: 5, renamed: 6 };
            assert_eq!(round_trip(&order)?, Metadata::from_serialize(&order)?.as_json(), $case);
        })*};
    }
    same_as_serde! {
        "lowercase" "UPPERCASE" "PascalCase" "camelCase" "snake_case" "SCREAMING_SNAKE_CASE" "kebab-case"
        "SCREAMING-KEBAB-CASE"
    }
    Ok(())
}

#[test]
fn the_last_of_duplicate_keys_is_read_and_unknown_keys_are_ignored() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        seats: u32,
    }
    assert_eq!(
        parse::<Order>(r#"{"seats":"x","other":[1],"\u0073eats":2}"#)?,
        Order { seats: 2 }
    );
    Ok(())
}

#[test]
fn a_struct_without_fields_has_no_entries() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Empty {}
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Unit;

    assert_eq!(round_trip(&Empty {})?, "{}");
    assert_eq!(round_trip(&Unit)?, "{}");
    assert!(Empty::KEYS.to_vec().is_empty() && Unit::KEYS.is_complete());
    assert_eq!(parse::<Unit>(r#"{"a":1}"#)?, Unit);
    Ok(())
}

#[test]
fn a_name_that_only_looks_sensitive_can_be_allowed() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Theme {
        #[metadata(allow_sensitive)]
        design_token: String,
        #[metadata(skip)]
        api_key: String,
        tokens_used: u32,
        company: BTreeSet<String>,
    }
    let theme = Theme {
        design_token: "blue".into(),
        api_key: String::new(),
        tokens_used: 5,
        company: BTreeSet::from(["Kelviq".into()]),
    };
    assert_eq!(
        round_trip(&theme)?,
        r#"{"design_token":"blue","tokens_used":5,"company":["Kelviq"]}"#
    );
    Ok(())
}

#[test]
fn a_value_that_does_not_serialize_is_an_error_that_names_the_key() {
    #[derive(CheckoutMetadata)]
    struct Order {
        seats: u32,
        prices: BTreeMap<(u8, u8), u32>,
    }
    let order = Order {
        seats: 1,
        prices: BTreeMap::from([((1, 2), 3)]),
    };
    let Err(error) = order.to_metadata() else {
        panic!("a tuple cannot be a JSON key")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `prices`: the value cannot be serialized to JSON"
    );
    assert_eq!((error.key(), error.raw()), (Some("prices"), None));
    assert_eq!(order.seats, 1);
}
