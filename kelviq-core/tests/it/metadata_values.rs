//! Values of all kinds are read as they were written, except for those that JSON cannot distinguish from `None`.

#![allow(
    clippy::option_option,
    reason = "the tests show what becomes of such a field"
)]

use std::collections::BTreeMap;

use kelviq_core::{CheckoutMetadata, Metadata, MetadataError, ToMetadata};
use serde::{Deserialize, Serialize};

type Result = std::result::Result<(), MetadataError>;

#[test]
fn some_none_and_some_unit_are_null_and_read_as_none() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        twice: Option<Option<u8>>,
        unit: Option<()>,
    }
    let order = Order {
        twice: Some(None),
        unit: Some(()),
    };
    let metadata = order.to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"twice":null,"unit":null}"#);
    let none = Order {
        twice: None,
        unit: None,
    };
    assert_eq!(metadata.parse::<Order>()?, none);
    assert_eq!(none.to_metadata()?.as_json(), "{}");
    let some = Order {
        twice: Some(Some(1)),
        unit: None,
    };
    assert_eq!(some.to_metadata()?.parse::<Order>()?, some);
    Ok(())
}

#[test]
fn a_flattened_some_without_entries_reads_as_none() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        seats: u8,
        #[metadata(flatten)]
        campaign: Option<Campaign>,
        #[metadata(flatten)]
        others: Option<BTreeMap<String, Option<u8>>>,
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Campaign {
        utm: Option<String>,
        nothing: Option<()>,
    }
    let order = |campaign, others| Order {
        seats: 1,
        campaign,
        others,
    };
    let empty = Campaign {
        utm: None,
        nothing: None,
    };
    let metadata = order(Some(empty), Some(BTreeMap::new())).to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"seats":1}"#);
    assert_eq!(metadata.parse::<Order>()?, order(None, None));

    let only_null = Campaign {
        utm: None,
        nothing: Some(()),
    };
    let metadata = order(Some(only_null), None).to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"seats":1,"nothing":null}"#);
    assert_eq!(metadata.parse::<Order>()?, order(None, None));
    Ok(())
}

#[test]
fn values_of_all_kinds_are_read_as_they_were_written() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Unit;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Unit,
        Newtype(i128),
        Tuple(u64, char),
        Struct { text: String },
    }

    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Values {
        unsigned: [u128; 2],
        signed: [i128; 2],
        beyond_doubles: [u64; 3],
        negative: [i64; 2],
        characters: [char; 5],
        texts: [String; 4],
        bytes: Vec<u8>,
        by_integer: BTreeMap<i64, Option<u8>>,
        by_character: BTreeMap<char, u64>,
        by_truth: BTreeMap<bool, u8>,
        empty_key: BTreeMap<String, u8>,
        unit: (),
        unit_struct: Unit,
        kinds: Vec<Kind>,
        nested: Vec<Option<Vec<Option<u8>>>>,
    }

    let values = Values {
        unsigned: [u128::MAX, u128::from(u64::MAX) + 1],
        signed: [i128::MIN, i128::from(i64::MIN) - 1],
        beyond_doubles: [u64::MAX, (1 << 53) + 1, 0],
        negative: [i64::MIN, -1],
        characters: ['\0', '"', '\u{2028}', '😀', '\u{10ffff}'],
        texts: [
            String::new(),
            "\r\n\t\\\"/\u{7f}".into(),
            "null".into(),
            "\u{feff}ü".into(),
        ],
        bytes: vec![0, 127, 255],
        by_integer: BTreeMap::from([(i64::MIN, None), (-1, Some(1)), (0, Some(2))]),
        by_character: BTreeMap::from([('"', 1), ('ü', 2)]),
        by_truth: BTreeMap::from([(false, 0), (true, 1)]),
        empty_key: BTreeMap::from([(String::new(), 1), ("a\nb".into(), 2)]),
        unit: (),
        unit_struct: Unit,
        kinds: vec![
            Kind::Unit,
            Kind::Newtype(i128::MAX),
            Kind::Tuple(u64::MAX, '\''),
            Kind::Struct {
                text: String::new(),
            },
        ],
        nested: vec![None, Some(vec![]), Some(vec![None, Some(1)])],
    };
    assert_eq!(values.to_metadata()?.parse::<Values>()?, values);
    Ok(())
}

#[test]
fn keys_of_all_kinds_are_read_as_they_were_written() -> Result {
    let map = BTreeMap::from([
        (String::new(), 1_u64),
        ("a\r\nb".into(), 2),
        ("\"\\\0\u{2028}".into(), u64::MAX),
        ("😀".into(), 4),
    ]);
    let metadata = map.to_metadata()?;
    assert_eq!(metadata.parse::<BTreeMap<String, u64>>()?, map);
    for (key, value) in &map {
        assert_eq!(metadata.get::<u64>(key)?, Some(*value));
    }
    let mut merged = Metadata::new();
    merged.merge(&metadata);
    assert_eq!(merged, metadata);
    Ok(())
}

#[test]
fn a_map_key_of_any_text_that_is_not_a_bool_is_an_error() -> Result {
    #[derive(Debug, CheckoutMetadata)]
    struct Order {
        flags: BTreeMap<bool, u8>,
    }
    #[derive(Debug, CheckoutMetadata)]
    struct Module {
        #[metadata(with = flags)]
        flags: BTreeMap<bool, u8>,
    }
    mod flags {
        use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

        type Flags = std::collections::BTreeMap<bool, u8>;

        pub(super) fn serialize<S: Serializer>(flags: &Flags, to: S) -> Result<S::Ok, S::Error> {
            flags.serialize(to)
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Flags, D::Error> {
            Flags::deserialize(from)
        }
    }

    for key in ["é", "日本", "😀", "tü", "\\", "tru", "f", ""] {
        let nested = serde_json::json!({ key: 1 });
        let metadata = Metadata::from_serialize(&serde_json::json!({ "flags": nested }))?;
        let errors = [
            metadata.get::<BTreeMap<bool, u8>>("flags").map(drop),
            metadata.parse::<Order>().map(drop),
            metadata.parse::<Module>().map(drop),
            metadata
                .parse::<BTreeMap<String, BTreeMap<bool, u8>>>()
                .map(drop),
        ];
        for result in errors {
            let Err(error) = result else {
                panic!("{key:?} is not a bool")
            };
            assert_eq!(error.key(), Some("flags"));
            let message = error.to_string();
            assert!(
                message.ends_with("found an object with invalid content"),
                "{message}"
            );
        }
    }
    Ok(())
}
