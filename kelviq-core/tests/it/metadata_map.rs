//! `Metadata` as a map, as a field of other types, and from other maps.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    thread,
};

use kelviq_core::{
    CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataReader, ToMetadata,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

type Result = std::result::Result<(), MetadataError>;

/// Text that parsing and serializing would change.
const VERBATIM: &str = r#"{"z" : 1.10, "a":12345678901234567890123,"\u0061":"\u00fc"}"#;

#[test]
fn len_counts_entries_and_contains_key_finds_null() -> Result {
    let metadata = Metadata::from_json(r#"{"a":1,"b":null,"a":2}"#)?;
    assert_eq!(metadata.len(), 3);
    assert!(metadata.contains_key("a") && metadata.contains_key("b"));
    assert!(!metadata.contains_key("c"));
    assert_eq!(Metadata::new().len(), 0);
    Ok(())
}

#[test]
fn remove_returns_the_text_and_leaves_the_other_entries() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1,"b":1.10,"c":"\u00fc","a":2.50}"#)?;
    assert_eq!(metadata.remove("a").as_deref(), Some("2.50"));
    assert_eq!(metadata.as_json(), r#"{"b":1.10,"c":"\u00fc"}"#);
    assert_eq!(metadata.remove("a"), None);
    assert_eq!(metadata.get::<u32>("a")?, None);

    metadata.insert("a", &3)?;
    assert_eq!(metadata.as_json(), r#"{"b":1.10,"c":"\u00fc","a":3}"#);
    for key in ["a", "b", "c"] {
        assert!(metadata.remove(key).is_some());
    }
    assert_eq!(metadata, Metadata::new());
    assert_eq!(metadata.as_json(), "{}");
    Ok(())
}

#[test]
fn operations_that_change_nothing_keep_the_text() -> Result {
    let mut metadata = Metadata::from_json(VERBATIM)?;
    assert_eq!(metadata.remove("absent"), None);
    metadata.insert("absent", &None::<u8>)?;
    assert_eq!(metadata.get::<String>("a")?.as_deref(), Some("ü"));
    assert_eq!(metadata.as_json(), VERBATIM);
    assert_eq!(metadata.clone().as_json(), VERBATIM);
    Ok(())
}

#[test]
fn changes_keep_order_duplicates_and_the_text_of_other_values() -> Result {
    let mut metadata = Metadata::from_json(VERBATIM)?;
    metadata.insert("b", &1)?;
    metadata.insert("z", &2)?;
    assert_eq!(
        metadata.as_json(),
        r#"{"z":2,"a":12345678901234567890123,"a":"\u00fc","b":1}"#
    );
    Ok(())
}

#[test]
fn entries_are_iterated_in_the_order_of_the_text() -> Result {
    let metadata = Metadata::from_json(VERBATIM)?;
    let mut borrowed = Vec::new();
    for (key, value) in &metadata {
        borrowed.push((key.to_owned(), value.to_owned()));
    }
    let expected = [
        ("z", "1.10"),
        ("a", "12345678901234567890123"),
        ("a", r#""\u00fc""#),
    ];
    assert_eq!(
        borrowed,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(metadata.into_iter().collect::<Vec<_>>(), borrowed);
    Ok(())
}

#[test]
fn every_key_of_many_is_found_after_any_change() -> Result {
    let keys: Vec<String> = (0..10_000).map(|number| format!("key_{number}")).collect();
    let mut metadata = Metadata::new();
    for (number, key) in keys.iter().enumerate() {
        metadata.insert(key, &number)?;
    }
    for key in keys.iter().step_by(2) {
        assert!(metadata.remove(key).is_some());
    }
    let metadata = Metadata::from_json(metadata.as_json())?;
    assert_eq!(metadata.len(), 5_000);
    for (number, key) in keys.iter().enumerate() {
        let expected = (number % 2 == 1).then_some(number);
        assert_eq!(metadata.get::<usize>(key)?, expected);
    }
    Ok(())
}

#[test]
fn metadata_is_shared_between_threads() -> Result {
    let metadata = Metadata::from_json(VERBATIM)?;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(metadata.get_json("z"), Some("1.10"));
                assert_eq!(metadata.as_json(), VERBATIM);
            });
        }
    });
    Ok(())
}

#[test]
fn null_reads_as_none_unless_the_type_can_be_null() -> Result {
    struct Nulls;
    impl FromMetadata for Nulls {
        fn read_metadata(
            reader: &mut MetadataReader<'_>,
        ) -> std::result::Result<Self, MetadataError> {
            assert_eq!(reader.get::<u32>("none")?, None);
            assert_eq!(reader.get::<Value>("none")?, Some(Value::Null));
            Ok(Self)
        }
    }

    let metadata = Metadata::from_json(r#"{"none":null}"#)?;
    assert_eq!(metadata.get::<u32>("none")?, None);
    assert_eq!(metadata.get::<String>("none")?, None);
    assert_eq!(metadata.get::<Option<u32>>("none")?, Some(None));
    assert_eq!(metadata.get::<Value>("none")?, Some(Value::Null));
    metadata.parse::<Nulls>().map(drop)
}

#[test]
fn inserting_none_removes_the_entry_as_the_derive_omits_it() -> Result {
    #[derive(Serialize)]
    struct Coupon(Option<String>);
    #[derive(CheckoutMetadata)]
    struct Order {
        seats: u8,
        coupon: Option<String>,
    }

    let mut metadata = Metadata::from_json(r#"{"seats":1,"coupon":"A"}"#)?;
    metadata.insert("coupon", &None::<String>)?;
    let derived = Order {
        seats: 1,
        coupon: None,
    };
    assert_eq!(metadata, derived.to_metadata()?);

    metadata.insert("seats", &Coupon(None))?;
    assert_eq!(metadata.as_json(), "{}");
    metadata.insert("seats", &Coupon(Some("A".into())))?;
    metadata.insert("list", &[None, Some(1)])?;
    metadata.insert("null", &Value::Null)?;
    assert_eq!(
        metadata.as_json(),
        r#"{"seats":"A","list":[null,1],"null":null}"#
    );
    Ok(())
}

#[test]
fn metadata_is_a_verbatim_field_of_serde_types() -> serde_json::Result<()> {
    #[derive(Serialize, Deserialize)]
    struct Row {
        id: u32,
        metadata: Metadata,
        other: Option<Metadata>,
    }

    let text = format!(r#"{{"id":1,"metadata":{VERBATIM},"other":null}}"#);
    let row: Row = serde_json::from_str(&text)?;
    assert_eq!(row.metadata.as_json(), VERBATIM);
    assert_eq!(row.other, None);
    assert_eq!(serde_json::to_string(&row)?, text);

    let row: Row = serde_json::from_reader(text.as_bytes())?;
    assert_eq!(row.metadata.as_json(), VERBATIM);
    let value = serde_json::to_value(Metadata::from_json(r#"{"a":[1]}"#).unwrap())?;
    assert_eq!(value, json!({"a": [1]}));
    assert_eq!(
        serde_json::from_value::<Metadata>(value)?.as_json(),
        r#"{"a":[1]}"#
    );

    let Err(error) = serde_json::from_str::<Row>(r#"{"id":1,"metadata":["hidden"]}"#) else {
        panic!("an array is not metadata")
    };
    let message = error.to_string();
    assert!(
        message.starts_with("metadata: expected a JSON object, found an array"),
        "{message}"
    );
    assert!(serde_json::from_str::<Metadata>("null").is_err());
    Ok(())
}

#[test]
fn metadata_is_a_verbatim_value_of_derived_metadata() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        cart: Metadata,
        none: Option<Metadata>,
    }
    let order = Order {
        cart: Metadata::from_json(VERBATIM)?,
        none: None,
    };
    let metadata = order.to_metadata()?;
    assert_eq!(metadata.as_json(), format!(r#"{{"cart":{VERBATIM}}}"#));
    assert_eq!(metadata.parse::<Order>()?, order);
    Ok(())
}

#[test]
fn a_json_object_is_metadata_and_other_json_is_an_error() -> Result {
    let value = json!({"order_ref": "ABC-123", "seats": 5, "none": null});
    assert_eq!(value.to_metadata()?, value);

    for (value, found) in [
        (json!(null), "null"),
        (json!(["hidden"]), "an array"),
        (json!("hidden"), "a string"),
    ] {
        let Err(error) = value.to_metadata() else {
            panic!("{value} is not an object")
        };
        assert_eq!(
            error.to_string(),
            format!("metadata: expected a JSON object, found {found}")
        );
    }
    Ok(())
}

#[test]
fn a_flattened_json_object_is_written_beside_other_fields() -> Result {
    #[derive(CheckoutMetadata)]
    struct Order {
        seats: u8,
        #[metadata(flatten)]
        others: Value,
    }
    let order = |others| Order { seats: 1, others }.to_metadata();
    assert_eq!(
        order(json!({"ab_test": "b"}))?.as_json(),
        r#"{"seats":1,"ab_test":"b"}"#
    );
    let Err(error) = order(json!({"seats": 2})) else {
        panic!("`seats` belongs to a field")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `seats`: a flattened map contains the key of a field"
    );
    assert!(order(json!(1)).is_err());
    Ok(())
}

#[test]
fn maps_with_borrowed_keys_are_metadata() -> Result {
    let key = String::from("a");
    assert_eq!(
        BTreeMap::from([("b", 2), (key.as_str(), 1)])
            .to_metadata()?
            .as_json(),
        r#"{"a":1,"b":2}"#
    );
    assert_eq!(
        HashMap::from([("a", "x")]).to_metadata()?.as_json(),
        r#"{"a":"x"}"#
    );
    assert_eq!(
        BTreeMap::from([(Arc::<str>::from("a"), 1)])
            .to_metadata()?
            .as_json(),
        r#"{"a":1}"#
    );
    Ok(())
}

#[test]
fn metadata_is_written_and_read_behind_an_arc() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        seats: u8,
        #[metadata(flatten)]
        campaign: Arc<Campaign>,
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Campaign {
        utm: String,
    }
    let order = Arc::new(Order {
        seats: 1,
        campaign: Arc::new(Campaign { utm: "a".into() }),
    });
    let metadata = order.to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"seats":1,"utm":"a"}"#);
    assert_eq!(metadata.parse::<Arc<Order>>()?, order);
    assert_eq!(Arc::<Order>::KEYS.to_vec(), ["seats", "utm"]);
    Ok(())
}
