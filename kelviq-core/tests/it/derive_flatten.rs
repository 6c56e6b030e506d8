//! Flattened fields: `#[metadata(flatten)]`.

#![allow(
    clippy::struct_field_names,
    reason = "an application would name the field like this"
)]

use std::sync::Arc;

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata, MetadataError, ToMetadata};

type Result = std::result::Result<(), MetadataError>;

fn parse<T: FromMetadata>(json: &str) -> std::result::Result<T, MetadataError> {
    Metadata::from_json(json)?.parse()
}

fn message<T: FromMetadata>(json: &str) -> Option<String> {
    parse::<T>(json).err().map(|error| error.to_string())
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Campaign {
    utm: String,
    #[metadata(alias = "origin")]
    source: Option<String>,
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Order {
    order_ref: String,
    #[metadata(flatten)]
    campaign: Campaign,
    seats: u32,
}

#[test]
fn the_entries_are_written_at_the_position_of_the_field() -> Result {
    let order = Order {
        order_ref: "A".into(),
        campaign: Campaign {
            utm: "launch".into(),
            source: None,
        },
        seats: 5,
    };
    let metadata = order.to_metadata()?;
    assert_eq!(
        metadata.as_json(),
        r#"{"order_ref":"A","utm":"launch","seats":5}"#
    );
    assert_eq!(metadata.parse::<Order>()?, order);
    assert_eq!(
        Order::KEYS.to_vec(),
        ["order_ref", "utm", "source", "seats"]
    );
    Ok(())
}

#[test]
fn an_error_names_the_key_inside() {
    assert_eq!(
        message::<Order>(r#"{"order_ref":"A","seats":1}"#).as_deref(),
        Some("metadata key `utm`: missing, expected String")
    );
    assert_eq!(
        message::<Order>(r#"{"order_ref":"A","seats":1,"utm":"a","source":5}"#).as_deref(),
        Some("metadata key `source`: expected Option<String>, found a number")
    );
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Perhaps {
    order_ref: String,
    #[metadata(flatten)]
    campaign: Option<Campaign>,
}

#[test]
fn a_flattened_option_is_some_when_one_of_its_keys_has_a_value() -> Result {
    let campaign = |json: &str| Ok::<_, MetadataError>(parse::<Perhaps>(json)?.campaign);
    assert_eq!(campaign(r#"{"order_ref":"A"}"#)?, None);
    assert_eq!(campaign(r#"{"order_ref":"A","utm":null}"#)?, None);
    assert_eq!(
        campaign(r#"{"order_ref":"A","utm":"a"}"#)?,
        Some(Campaign {
            utm: "a".into(),
            source: None
        })
    );

    // An incomplete campaign is an error rather than `None`.
    for json in [
        r#"{"order_ref":"A","source":"x"}"#,
        r#"{"order_ref":"A","origin":"x"}"#,
    ] {
        assert_eq!(
            message::<Perhaps>(json).as_deref(),
            Some("metadata key `utm`: missing, expected String")
        );
    }

    let none = Perhaps {
        order_ref: "A".into(),
        campaign: None,
    };
    assert_eq!(none.to_metadata()?.as_json(), r#"{"order_ref":"A"}"#);
    let some = Perhaps {
        campaign: Some(Campaign {
            utm: "a".into(),
            source: None,
        }),
        ..none
    };
    assert_eq!(
        some.to_metadata()?.as_json(),
        r#"{"order_ref":"A","utm":"a"}"#
    );
    assert_eq!(Perhaps::KEYS.to_vec(), ["order_ref", "utm", "source"]);
    Ok(())
}

#[test]
fn a_whole_struct_can_be_optional() -> Result {
    assert_eq!(parse::<Option<Order>>("{}")?, None);
    assert_eq!(parse::<Option<Order>>(r#"{"other":1}"#)?, None);
    assert!(message::<Option<Order>>(r#"{"seats":1}"#).is_some());
    Ok(())
}

#[test]
fn an_optional_struct_is_some_when_a_key_of_a_flattened_field_has_a_value() {
    let expected = "metadata key `order_ref`: missing, expected String";
    for json in [r#"{"utm":"a"}"#, r#"{"origin":"x"}"#] {
        assert_eq!(message::<Option<Perhaps>>(json).as_deref(), Some(expected));
    }
}

#[test]
fn an_optional_box_or_arc_is_some_when_a_key_has_a_value() -> Result {
    assert_eq!(parse::<Option<Box<Campaign>>>("{}")?, None);
    assert_eq!(parse::<Option<Arc<Campaign>>>("{}")?, None);
    let campaign = Campaign {
        utm: "a".into(),
        source: None,
    };
    let json = r#"{"utm":"a"}"#;
    assert_eq!(
        parse::<Option<Arc<Campaign>>>(json)?,
        Some(Arc::new(campaign))
    );
    assert_eq!(parse::<Option<Box<Campaign>>>(json)?.unwrap().utm, "a");
    Ok(())
}

#[test]
fn flattened_types_can_flatten_in_turn() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Outer {
        #[metadata(flatten)]
        order: Option<Perhaps>,
        #[metadata(flatten)]
        nothing: Empty,
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Empty {}

    let outer: Outer = parse(r#"{"utm":"a","order_ref":"A"}"#)?;
    assert_eq!(
        outer.to_metadata()?.as_json(),
        r#"{"order_ref":"A","utm":"a"}"#
    );
    assert_eq!(
        parse::<Outer>("{}")?,
        Outer {
            order: None,
            nothing: Empty {}
        }
    );
    assert_eq!(Outer::KEYS.to_vec(), ["order_ref", "utm", "source"]);
    Ok(())
}

#[test]
fn generic_types_can_be_flattened() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct With<T> {
        order_ref: String,
        #[metadata(flatten)]
        more: T,
        seats: u32,
    }
    let with: With<Campaign> = parse(r#"{"order_ref":"A","utm":"a","seats":1}"#)?;
    assert_eq!(
        with.to_metadata()?.as_json(),
        r#"{"order_ref":"A","utm":"a","seats":1}"#
    );
    assert_eq!(
        With::<Campaign>::KEYS.to_vec(),
        ["order_ref", "utm", "source", "seats"]
    );
    assert_eq!(
        With::<Option<Campaign>>::KEYS.to_vec(),
        ["order_ref", "utm", "source", "seats"]
    );
    assert!(!With::<Metadata>::KEYS.is_complete());
    let rest: With<Metadata> = parse(r#"{"order_ref":"A","x":[],"seats":1}"#)?;
    assert_eq!(rest.more.as_json(), r#"{"x":[]}"#);
    let boxed: With<Box<Campaign>> = parse(r#"{"order_ref":"A","utm":"a","seats":1}"#)?;
    assert_eq!(boxed.more.utm, "a");
    assert_eq!(boxed.to_metadata()?, with.to_metadata()?);
    Ok(())
}

#[test]
fn borrowed_types_can_be_flattened() -> Result {
    #[derive(CheckoutMetadata)]
    struct Borrowed<'a> {
        #[metadata(flatten)]
        campaign: &'a Campaign,
        #[metadata(flatten)]
        names: Option<Names<'a>>,
    }
    #[derive(CheckoutMetadata)]
    struct Names<'n> {
        name: &'n str,
    }
    let campaign = Campaign {
        utm: "a".into(),
        source: None,
    };
    let borrowed = Borrowed {
        campaign: &campaign,
        names: Some(Names { name: "Ada" }),
    };
    assert_eq!(
        borrowed.to_metadata()?.as_json(),
        r#"{"utm":"a","name":"Ada"}"#
    );
    assert_eq!(Borrowed::KEYS.to_vec(), ["utm", "source", "name"]);
    Ok(())
}

#[test]
fn an_associated_type_of_the_struct_can_be_flattened() -> Result {
    trait Shop {
        type Campaign;
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct OfTheShop {
        seats: u32,
        #[metadata(flatten)]
        campaign: <Self as Shop>::Campaign,
    }
    impl Shop for OfTheShop {
        type Campaign = Campaign;
    }
    let order: OfTheShop = parse(r#"{"utm":"a","seats":1}"#)?;
    assert_eq!(order.campaign.utm, "a");
    Ok(())
}
