//! Flattened maps and `Metadata`: they read and write exactly the keys that belong to no field.

#![allow(
    clippy::struct_field_names,
    reason = "an application would name the field like this"
)]

use std::collections::{BTreeMap, HashMap};

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata, MetadataError, ToMetadata};

type Result = std::result::Result<(), MetadataError>;

fn parse<T: FromMetadata>(json: &str) -> std::result::Result<T, MetadataError> {
    Metadata::from_json(json)?.parse()
}

fn message<T>(result: std::result::Result<T, MetadataError>) -> Option<String> {
    result.err().map(|error| error.to_string())
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Campaign {
    utm: String,
    #[metadata(alias = "origin")]
    source: Option<String>,
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct WithRest {
    // Before the fields whose keys it must not contain.
    #[metadata(flatten)]
    rest: Metadata,
    order_ref: String,
    #[metadata(alias = "places")]
    seats: Option<u32>,
}

#[test]
fn flattened_metadata_reads_the_other_keys_verbatim() -> Result {
    let with_rest: WithRest = parse(r#"{"b":1.10,"order_ref":"A","a":{"x": 1},"places":2}"#)?;
    assert_eq!(with_rest.rest.as_json(), r#"{"b":1.10,"a":{"x": 1}}"#);
    assert_eq!(with_rest.seats, Some(2));
    assert_eq!(
        with_rest.to_metadata()?.as_json(),
        r#"{"b":1.10,"a":{"x": 1},"order_ref":"A","seats":2}"#
    );
    assert_eq!(WithRest::KEYS.to_vec(), ["order_ref", "seats"]);
    assert!(!WithRest::KEYS.is_complete());
    Ok(())
}

#[test]
fn an_optional_map_is_none_when_there_are_no_other_keys() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Perhaps {
        order_ref: String,
        #[metadata(flatten)]
        rest: Option<Metadata>,
    }
    assert_eq!(parse::<Perhaps>(r#"{"order_ref":"A"}"#)?.rest, None);
    let rest = parse::<Perhaps>(r#"{"order_ref":"A","a":1}"#)?.rest;
    assert_eq!(
        rest.map(|rest| rest.as_json().to_owned()).as_deref(),
        Some(r#"{"a":1}"#)
    );
    assert_eq!(parse::<Option<BTreeMap<String, u32>>>("{}")?, None);
    assert_eq!(parse::<Option<HashMap<String, u32>>>("{}")?, None);
    assert_eq!(
        parse::<Option<HashMap<String, u32>>>(r#"{"a":1}"#)?,
        Some(HashMap::from([("a".to_owned(), 1)]))
    );
    Ok(())
}

#[test]
fn a_flattened_map_reads_the_other_keys() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Counts {
        #[metadata(flatten)]
        campaign: Campaign,
        #[metadata(flatten)]
        counts: BTreeMap<String, u32>,
    }
    let counts: Counts = parse(r#"{"utm":"a","x":1,"y":2}"#)?;
    assert_eq!(
        counts.counts,
        BTreeMap::from([("x".into(), 1), ("y".into(), 2)])
    );
    assert_eq!(
        counts.to_metadata()?.as_json(),
        r#"{"utm":"a","x":1,"y":2}"#
    );
    assert_eq!(
        message(parse::<Counts>(r#"{"utm":"a","x":"hidden"}"#)).as_deref(),
        Some("metadata key `x`: expected u32, found a string")
    );
    Ok(())
}

#[test]
fn a_map_reads_no_key_of_a_flattened_struct_in_any_order() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct MapFirst {
        #[metadata(flatten)]
        others: Metadata,
        #[metadata(flatten)]
        campaign: Option<Campaign>,
    }
    let first: MapFirst = parse(r#"{"utm":"a","origin":"b","z":1}"#)?;
    assert_eq!(first.others.as_json(), r#"{"z":1}"#);
    assert_eq!(
        first.to_metadata()?.as_json(),
        r#"{"z":1,"utm":"a","source":"b"}"#
    );
    Ok(())
}

#[test]
fn a_map_inside_a_flattened_struct_reads_no_key_of_the_outer_fields() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct MapInside {
        seats: u32,
        #[metadata(flatten)]
        counts: Option<BTreeMap<String, u32>>,
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Outside {
        #[metadata(flatten)]
        inside: MapInside,
        #[metadata(flatten)]
        campaign: Campaign,
        order_ref: String,
    }
    let outside: Outside = parse(r#"{"seats":5,"z":1,"utm":"a","order_ref":"A"}"#)?;
    assert_eq!(
        outside.inside.counts,
        Some(BTreeMap::from([("z".into(), 1)]))
    );
    assert_eq!(
        outside.to_metadata()?.as_json(),
        r#"{"seats":5,"z":1,"utm":"a","order_ref":"A"}"#
    );
    let none: Outside = parse(r#"{"seats":5,"utm":"a","order_ref":"A"}"#)?;
    assert_eq!(none.inside.counts, None);
    Ok(())
}

#[test]
fn a_map_cannot_write_the_key_of_a_field() -> Result {
    let with_rest = |rest: &str| {
        Ok::<_, MetadataError>(WithRest {
            rest: Metadata::from_json(rest)?,
            order_ref: "A".into(),
            seats: None,
        })
    };
    // This includes the key and the alias of a field that is `None`: it would be read back as `Some`.
    for key in ["order_ref", "seats", "places"] {
        let order = with_rest(&format!(r#"{{"{key}":1}}"#))?;
        assert_eq!(
            message(order.to_metadata()),
            Some(format!(
                "metadata key `{key}`: a flattened map contains the key of a field"
            ))
        );
    }
    Ok(())
}

#[test]
fn a_map_cannot_write_the_keys_of_a_flattened_struct_that_is_none() {
    #[derive(CheckoutMetadata)]
    struct Extra {
        #[metadata(flatten)]
        extra: HashMap<String, u32>,
        #[metadata(flatten)]
        campaign: Option<Campaign>,
    }
    let extra = |key: &str| Extra {
        extra: HashMap::from([(key.to_owned(), 100)]),
        campaign: None,
    };
    assert!(extra("z").to_metadata().is_ok());
    for key in ["utm", "source", "origin"] {
        assert!(extra(key).to_metadata().is_err(), "{key}");
    }
}

#[test]
fn two_maps_cannot_write_the_same_key() -> Result {
    #[derive(Debug, CheckoutMetadata)]
    struct Two {
        #[metadata(flatten)]
        first: Metadata,
        #[metadata(flatten)]
        second: BTreeMap<String, u32>,
    }
    let two = |key: &str| Two {
        first: Metadata::from_serialize(&BTreeMap::from([("a", 1)])).unwrap_or_default(),
        second: BTreeMap::from([(key.to_owned(), 2)]),
    };
    assert_eq!(two("b").to_metadata()?.as_json(), r#"{"a":1,"b":2}"#);
    assert_eq!(
        message(two("a").to_metadata()).as_deref(),
        Some("metadata key `a`: written twice")
    );
    Ok(())
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "snake_case")]
enum Order {
    Any {
        #[metadata(flatten)]
        rest: Metadata,
    },
    Gift {
        from: String,
    },
}

#[test]
fn a_map_in_a_variant_can_have_the_keys_of_other_variants() -> Result {
    let json = r#"{"kind":"any","from":"Ada"}"#;
    let order: Order = parse(json)?;
    assert_eq!(order.to_metadata()?.as_json(), json);

    let rest = Metadata::from_json(r#"{"kind":"gift"}"#)?;
    assert_eq!(
        message(Order::Any { rest }.to_metadata()).as_deref(),
        Some("metadata key `kind`: a flattened map contains the key of a field")
    );
    Ok(())
}

#[test]
fn a_map_beside_an_enum_reads_no_key_of_any_variant() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Around {
        #[metadata(flatten)]
        rest: Metadata,
        #[metadata(flatten)]
        order: Option<Order>,
    }
    let around: Around = parse(r#"{"from":"Ada","z":1}"#)?;
    assert_eq!(around.rest.as_json(), r#"{"z":1}"#);
    assert_eq!(around.order, None);
    Ok(())
}

#[test]
fn a_map_reads_the_last_of_duplicate_keys() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Counts {
        #[metadata(flatten)]
        counts: BTreeMap<String, u32>,
    }
    let counts: Counts = parse(r#"{"a":"not a number","b":2,"a":1}"#)?;
    assert_eq!(
        counts.counts,
        BTreeMap::from([("a".into(), 1), ("b".into(), 2)])
    );
    Ok(())
}
