//! `Metadata`: a JSON object that keeps its original text.

use std::collections::HashMap;

use kelviq_core::{Metadata, MetadataError};
use serde_json::json;

type Result = std::result::Result<(), MetadataError>;

fn message(error: &MetadataError) -> String {
    error.to_string()
}

#[test]
fn the_text_is_preserved() -> Result {
    let text =
        r#"{ "b" : 1.10,"a":12345678901234567890123,	"e":1e400,"ü":"\u00fc","n":-0, "s":"a\/b" }"#;
    let mut metadata = Metadata::from_json(text)?;
    assert_eq!(metadata.as_json(), text);

    metadata.insert("new", "value")?;
    assert_eq!(
        metadata.as_json(),
        r#"{"b":1.10,"a":12345678901234567890123,"e":1e400,"ü":"\u00fc","n":-0,"s":"a\/b","new":"value"}"#
    );
    Ok(())
}

#[test]
fn white_space_around_the_object_is_not_kept() -> Result {
    assert_eq!(
        Metadata::from_json(" \n{\"a\": 1}\t")?.as_json(),
        "{\"a\": 1}"
    );
    Ok(())
}

#[test]
fn an_empty_object_has_no_entries() -> Result {
    for metadata in [
        Metadata::new(),
        Metadata::default(),
        Metadata::from_json("{ }")?,
    ] {
        assert!(metadata.is_empty());
        assert_eq!(metadata.keys().count(), 0);
        assert_eq!(metadata.get::<u32>("a")?, None);
    }
    assert_eq!(Metadata::new().as_json(), "{}");
    Ok(())
}

#[test]
fn entries_come_in_the_order_of_the_text() -> Result {
    let metadata: Metadata = r#"{"b":1,"a":[2, 3],"c":null}"#.parse()?;
    assert_eq!(metadata.keys().collect::<Vec<_>>(), ["b", "a", "c"]);
    let entries: Vec<_> = metadata
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(entries, ["b=1", "a=[2, 3]", "c=null"]);
    assert!(!metadata.is_empty());
    Ok(())
}

#[test]
fn values_are_read_as_the_requested_type() -> Result {
    let metadata = Metadata::from_json(r#"{"seats":5,"ref":"ABC","tags":["a"],"none":null}"#)?;
    assert_eq!(metadata.get::<u8>("seats")?, Some(5));
    assert_eq!(metadata.get::<String>("ref")?.as_deref(), Some("ABC"));
    assert_eq!(metadata.get::<Vec<String>>("tags")?, Some(vec!["a".into()]));
    assert_eq!(metadata.get::<Option<u8>>("none")?, Some(None));
    assert_eq!(metadata.get::<u8>("absent")?, None);
    assert_eq!(metadata.get_json("tags"), Some(r#"["a"]"#));
    assert_eq!(metadata.get_json("absent"), None);
    Ok(())
}

#[test]
fn large_numbers_are_read_exactly() -> Result {
    let metadata = Metadata::from_json(
        r#"{"id":9007199254740993,"huge":340282366920938463463374607431768211455}"#,
    )?;
    assert_eq!(metadata.get("id")?, Some(9_007_199_254_740_993_u64));
    assert_eq!(metadata.get("huge")?, Some(u128::MAX));
    Ok(())
}

#[test]
fn a_value_that_does_not_fit_is_an_error_without_the_value() -> Result {
    let metadata = Metadata::from_json(r#"{"seats":"top secret"}"#)?;
    let Err(error) = metadata.get::<u32>("seats") else {
        panic!("a string is not a u32")
    };
    assert_eq!(
        message(&error),
        "metadata key `seats`: expected u32, found a string"
    );
    assert_eq!(error.key(), Some("seats"));
    assert_eq!(error.raw(), Some(r#"{"seats":"top secret"}"#));
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    Ok(())
}

#[test]
fn insert_replaces_in_place_or_adds_at_the_end() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1,"b":2}"#)?;
    metadata.insert("a", "one")?;
    metadata.insert("c", &Some(3))?;
    metadata.insert("d", &())?;
    metadata.insert("e\"f", &json!({"x": [true]}))?;
    assert_eq!(
        metadata.as_json(),
        r#"{"a":"one","b":2,"c":3,"d":null,"e\"f":{"x":[true]}}"#
    );
    assert_eq!(
        metadata.get::<serde_json::Value>("e\"f")?,
        Some(json!({"x": [true]}))
    );
    Ok(())
}

#[test]
fn insert_changes_nothing_when_the_value_does_not_serialize() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1}"#)?;
    let map_with_tuple_keys = HashMap::from([((1, 2), 3)]);
    let Err(error) = metadata.insert("a", &map_with_tuple_keys) else {
        panic!("the map cannot be JSON")
    };
    assert_eq!(
        message(&error),
        "metadata key `a`: the value cannot be serialized to JSON"
    );
    assert_eq!(metadata.as_json(), r#"{"a":1}"#);
    Ok(())
}

#[test]
fn merge_replaces_entries_with_those_of_the_other() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1,"b":2}"#)?;
    metadata.merge(&Metadata::from_json(r#"{"b":20,"c":30}"#)?);
    assert_eq!(metadata.as_json(), r#"{"a":1,"b":20,"c":30}"#);

    metadata.merge(&Metadata::new());
    assert_eq!(metadata.as_json(), r#"{"a":1,"b":20,"c":30}"#);
    Ok(())
}

#[test]
fn duplicate_keys_are_preserved_and_the_last_one_is_read() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1,"b":2,"a":3}"#)?;
    assert_eq!(metadata.as_json(), r#"{"a":1,"b":2,"a":3}"#);
    assert_eq!(metadata.keys().collect::<Vec<_>>(), ["a", "b", "a"]);
    assert_eq!(metadata.get::<u32>("a")?, Some(3));

    let mut other = Metadata::new();
    other.merge(&metadata);
    assert_eq!(other.as_json(), r#"{"a":3,"b":2}"#);

    metadata.insert("a", &4)?;
    assert_eq!(metadata.as_json(), r#"{"a":4,"b":2}"#);
    Ok(())
}

#[test]
fn escapes_in_keys_are_decoded() -> Result {
    let metadata = Metadata::from_json(r#"{"\u0061":1,"\ud83d\ude00":2}"#)?;
    assert_eq!(metadata.keys().collect::<Vec<_>>(), ["a", "😀"]);
    assert_eq!(metadata.get::<u32>("a")?, Some(1));
    assert_eq!(metadata.get::<u32>("😀")?, Some(2));
    Ok(())
}

#[test]
fn equality_compares_the_text_and_comparison_with_json_ignores_the_order() -> Result {
    let metadata = Metadata::from_json(r#"{"a":1,"b":2}"#)?;
    assert_eq!(metadata, Metadata::from_json(r#"{"a":1,"b":2}"#)?);
    assert_ne!(metadata, Metadata::from_json(r#"{"b":2,"a":1}"#)?);
    assert_ne!(metadata, Metadata::from_json(r#"{"a": 1,"b":2}"#)?);
    assert_eq!(
        Metadata::from_json(r#"{ "b": 2, "a": 1 }"#)?,
        json!({"a": 1, "b": 2})
    );
    assert_ne!(metadata, json!({"a": 1}));
    Ok(())
}

#[test]
fn comparison_with_json_compares_the_values_of_each_kind() -> Result {
    let json = r#"{"a":[null,true,false,1.5,"x\u0079",[1,2],{"b":1,"b":2}]}"#;
    let metadata = Metadata::from_json(json)?;
    let items = json!([null, true, false, 1.5, "xy", [1, 2], {"b": 2}]);
    assert_eq!(metadata, json!({ "a": items }));
    for (index, other) in [
        (0, json!(false)),
        (1, json!(false)),
        (1, json!("true")),
        (2, json!(null)),
        (3, json!(1.25)),
        (4, json!("x")),
        (5, json!([1, 3])),
        (5, json!([1])),
        (5, json!([1, 2, 3])),
        (6, json!({"b": 1})),
        (6, json!({"c": 2})),
        (6, json!({"b": 2, "c": null})),
    ] {
        let mut changed = items.clone();
        changed[index] = other;
        assert_ne!(metadata, json!({ "a": changed }));
    }
    Ok(())
}

#[test]
fn debug_shows_keys_and_no_values() -> Result {
    let metadata = Metadata::from_json(r#"{"order_ref":"hidden","email":"hidden"}"#)?;
    assert_eq!(
        format!("{metadata:?}"),
        r#"Metadata { keys: ["order_ref", "email"], .. }"#
    );
    Ok(())
}

#[test]
fn anything_but_an_object_is_rejected_by_its_kind() {
    for (text, found) in [
        ("[1]", "an array"),
        (r#""text""#, "a string"),
        ("1", "a number"),
        ("-1", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
        ("", "text that is not JSON"),
        ("hidden", "text that is not JSON"),
        ("{", "text that is not JSON"),
        (r#"{"a":1,}"#, "text that is not JSON"),
        (r#"{"a":1} {"b":2}"#, "text that is not JSON"),
        (r#"{"a":hidden}"#, "text that is not JSON"),
        ("{a:1}", "text that is not JSON"),
    ] {
        let Err(error) = Metadata::from_json(text) else {
            panic!("{text} is not an object")
        };
        assert_eq!(
            message(&error),
            format!("metadata: expected a JSON object, found {found}"),
            "{text}"
        );
        assert_eq!((error.key(), error.raw()), (None, Some(text)));
    }
}

#[test]
fn a_key_that_is_not_unicode_is_rejected() {
    let Err(error) = Metadata::from_json(r#"{"\ud800":1}"#) else {
        panic!("a lone surrogate is not a key")
    };
    assert_eq!(
        message(&error),
        "metadata: expected a JSON object, found an object with a key that is not Unicode"
    );
}

#[test]
fn a_value_that_is_not_unicode_is_preserved_but_cannot_be_read_as_text() -> Result {
    let text = r#"{"a":"\ud800","b":1}"#;
    let metadata = Metadata::from_json(text)?;
    assert_eq!(metadata.as_json(), text);
    assert_eq!(metadata.get::<u32>("b")?, Some(1));
    let Err(error) = metadata.get::<String>("a") else {
        panic!("a lone surrogate is not a string")
    };
    assert_eq!(
        message(&error),
        "metadata key `a`: expected String, found an invalid string"
    );
    Ok(())
}

#[test]
fn deep_nesting_is_preserved_and_rejected_only_when_it_is_read() -> Result {
    let deep = format!(
        r#"{{"deep":{}{},"b":1}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let mut metadata = Metadata::from_json(deep.as_str())?;
    assert_eq!(metadata.as_json(), deep);
    assert_eq!(metadata.get::<u32>("b")?, Some(1));
    metadata.insert("c", &2)?;
    let Err(error) = metadata.get::<serde_json::Value>("deep") else {
        panic!("it is nested too deep")
    };
    assert_eq!(
        message(&error),
        "metadata key `deep`: expected Value, found an array with invalid content"
    );
    Ok(())
}

#[test]
fn a_value_that_serializes_as_an_object_is_metadata() -> Result {
    #[derive(serde::Serialize)]
    struct Order {
        order_ref: &'static str,
        seats: u32,
    }
    let order = Order {
        order_ref: "ABC",
        seats: 5,
    };
    assert_eq!(
        Metadata::from_serialize(&order)?.as_json(),
        r#"{"order_ref":"ABC","seats":5}"#
    );
    assert_eq!(
        Metadata::from_serialize(&json!({"a": null}))?.as_json(),
        r#"{"a":null}"#
    );

    let Err(error) = Metadata::from_serialize("hidden") else {
        panic!("a string is not an object")
    };
    assert_eq!(
        message(&error),
        "metadata: expected a JSON object, found a string"
    );
    Ok(())
}

#[test]
fn nan_and_infinities_are_errors() -> Result {
    let mut metadata = Metadata::from_json(r#"{"a":1}"#)?;
    for result in [
        metadata.insert("a", &f64::NAN),
        metadata.insert("a", &f32::INFINITY),
        metadata.insert("a", &[Some(1.0), Some(f64::NEG_INFINITY)]),
        metadata.insert("a", &HashMap::from([("b", (1, f32::NAN))])),
    ] {
        assert_eq!(
            result.err().map(|error| message(&error)).as_deref(),
            Some(
                "metadata key `a`: the value is or contains NaN or an infinity, which JSON does not have"
            )
        );
    }
    assert_eq!(metadata.as_json(), r#"{"a":1}"#);

    let Err(error) = Metadata::from_serialize(&HashMap::from([("a", f64::NAN)])) else {
        panic!("NaN is not JSON")
    };
    assert_eq!(
        message(&error),
        "metadata: the value is or contains NaN or an infinity, which JSON does not have"
    );
    Ok(())
}
