//! Internally tagged enums: `#[metadata(tag = "…")]`.

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata, MetadataError, ToMetadata};
use serde::{Deserialize, Serialize};

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
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "snake_case")]
enum Order {
    Gift {
        from: String,
        note: Option<String>,
    },
    #[metadata(alias = "subscription")]
    TeamPlan {
        #[metadata(rename = "seat_count", alias = "seats")]
        seats: u32,
        #[metadata(flatten)]
        campaign: Campaign,
        #[metadata(skip)]
        cart: Vec<u8>,
    },
    #[metadata(rename = "plain-order")]
    Plain,
    Empty {},
}

#[test]
fn the_tag_comes_first_and_the_fields_follow() -> Result {
    let orders = [
        (
            Order::Gift {
                from: "Ada".into(),
                note: None,
            },
            r#"{"kind":"gift","from":"Ada"}"#,
        ),
        (
            Order::TeamPlan {
                seats: 5,
                campaign: Campaign { utm: "a".into() },
                cart: vec![],
            },
            r#"{"kind":"team_plan","seat_count":5,"utm":"a"}"#,
        ),
        (Order::Plain, r#"{"kind":"plain-order"}"#),
        (Order::Empty {}, r#"{"kind":"empty"}"#),
    ];
    for (order, json) in orders {
        let metadata = order.to_metadata()?;
        assert_eq!(metadata.as_json(), json);
        assert_eq!(metadata.parse::<Order>()?, order);
    }
    Ok(())
}

#[test]
fn the_keys_are_those_of_all_variants() {
    assert_eq!(
        Order::KEYS.to_vec(),
        ["kind", "from", "note", "seat_count", "utm"]
    );
    assert!(Order::KEYS.is_complete());
}

#[test]
fn aliases_are_read() -> Result {
    let order: Order = parse(r#"{"seats":5,"utm":"a","kind":"subscription"}"#)?;
    assert!(matches!(order, Order::TeamPlan { seats: 5, .. }));
    Ok(())
}

#[test]
fn an_error_names_the_tag_and_the_variants() {
    let variants = "one of `gift`, `team_plan`, `plain-order`, `empty`";
    assert_eq!(
        message::<Order>("{}"),
        Some(format!("metadata key `kind`: missing, expected {variants}"))
    );
    assert_eq!(
        message::<Order>(r#"{"kind":"hidden"}"#),
        Some(format!(
            "metadata key `kind`: expected {variants}, found another string"
        ))
    );
    assert_eq!(
        message::<Order>(r#"{"kind":5}"#),
        Some(format!(
            "metadata key `kind`: expected {variants}, found a number"
        ))
    );
    assert_eq!(
        message::<Order>(r#"{"kind":"gift"}"#).as_deref(),
        Some("metadata key `from`: missing, expected String")
    );
}

#[test]
fn an_enum_can_be_flattened_too() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Shop {
        shop: String,
        #[metadata(flatten)]
        order: Option<Order>,
    }
    let shop: Shop = parse(r#"{"shop":"a","kind":"gift","from":"Ada"}"#)?;
    assert_eq!(
        shop.to_metadata()?.as_json(),
        r#"{"shop":"a","kind":"gift","from":"Ada"}"#
    );
    assert_eq!(parse::<Shop>(r#"{"shop":"a","from":"Ada"}"#)?.order, None);
    assert_eq!(
        Shop::KEYS.to_vec(),
        ["shop", "kind", "from", "note", "seat_count", "utm"]
    );
    Ok(())
}

#[test]
fn variants_and_their_keys_have_the_names_that_serde_gives() -> Result {
    macro_rules! same_as_serde {
        ($($case:literal)*) => {$({
            #[derive(Debug, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
            #[serde(tag = "kind", rename_all = $case, rename_all_fields = $case)]
            #[metadata(tag = "kind", rename_all = $case, rename_all_fields = $case)]
            enum Order {
                Gift { from_name: u8 },
                HTTPRequest2 { r#type: u8 },
                r#Self_ {},
                #[serde(rename_all = "camelCase")]
                #[metadata(rename_all = "camelCase")]
                OwnCase { seat_count: u8 },
                #[serde(rename = "as Written")]
                #[metadata(rename = "as Written")]
                Renamed,
            }
            for order in [
                Order::Gift { from_name: 1 },
                Order::HTTPRequest2 { r#type: 2 },
                Order::Self_ {},
                Order::OwnCase { seat_count: 3 },
                Order::Renamed,
            ] {
                let metadata = order.to_metadata()?;
                assert_eq!(metadata.as_json(), Metadata::from_serialize(&order)?.as_json(), $case);
                assert_eq!(metadata.parse::<Order>()?, order);
            }
        })*};
    }
    same_as_serde! {
        "lowercase" "UPPERCASE" "PascalCase" "camelCase" "snake_case" "SCREAMING_SNAKE_CASE" "kebab-case"
        "SCREAMING-KEBAB-CASE"
    }
    Ok(())
}

#[test]
fn variant_names_are_as_written_by_default() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[metadata(tag = "a\"b")]
    enum One<'a, T> {
        TheOnly {
            value: T,
            text: std::borrow::Cow<'a, str>,
        },
    }
    let one = One::TheOnly {
        value: 1,
        text: "x".into(),
    };
    let metadata = one.to_metadata()?;
    assert_eq!(
        metadata.as_json(),
        r#"{"a\"b":"TheOnly","value":1,"text":"x"}"#
    );
    assert_eq!(metadata.parse::<One<i32>>()?, one);
    assert_eq!(
        message::<One<i32>>("{}").as_deref(),
        Some("metadata key `a\"b`: missing, expected `TheOnly`")
    );
    Ok(())
}

#[test]
fn explicit_applies_to_the_fields_of_variants() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[metadata(tag = "kind", explicit)]
    enum Order {
        Gift {
            #[metadata]
            from: String,
            secret: String,
        },
    }
    let order = Order::Gift {
        from: "Ada".into(),
        secret: "hidden".into(),
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"kind":"Gift","from":"Ada"}"#
    );
    Ok(())
}

#[test]
fn a_variant_can_be_read_for_unknown_names() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[metadata(tag = "kind", rename_all = "snake_case")]
    enum Order {
        #[metadata(other)]
        Unknown {
            #[metadata(flatten)]
            rest: Metadata,
        },
        Gift {
            from: String,
        },
    }
    let rest = Metadata::from_json(r#"{"size":3}"#)?;
    let gift = Order::Gift { from: "Ada".into() };

    assert_eq!(parse::<Order>(r#"{"kind":"gift","from":"Ada"}"#)?, gift);
    let later = parse::<Order>(r#"{"kind":"bundle","size":3}"#)?;
    assert_eq!(later, Order::Unknown { rest });
    assert_eq!(
        later.to_metadata()?.as_json(),
        r#"{"kind":"unknown","size":3}"#
    );
    assert!(
        parse::<Order>(r#"{"kind":"gift"}"#).is_err(),
        "a known variant is read as itself"
    );
    assert!(
        parse::<Order>(r#"{"kind":5}"#).is_err(),
        "the tag is a string"
    );
    assert!(
        parse::<Order>(r#"{"size":3}"#).is_err(),
        "the tag is missing"
    );
    Ok(())
}
