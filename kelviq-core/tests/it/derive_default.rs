//! `default`: values of absent keys, and `None` beside a default.

#![allow(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    reason = "`with` and `default` require such functions"
)]

use kelviq_core::{CheckoutMetadata, FromMetadata, Metadata, MetadataError, ToMetadata};
use serde::{Deserialize, Serialize};

type Result = std::result::Result<(), MetadataError>;

fn parse<T: FromMetadata>(json: &str) -> std::result::Result<T, MetadataError> {
    Metadata::from_json(json)?.parse()
}

fn round_trip<T: ToMetadata + FromMetadata + PartialEq + std::fmt::Debug>(
    value: &T,
) -> std::result::Result<String, MetadataError> {
    let metadata = value.to_metadata()?;
    assert_eq!(metadata.parse::<T>()?, *value);
    Ok(metadata.as_json().to_owned())
}

fn launch() -> Option<String> {
    Some("LAUNCH".into())
}

#[test]
fn none_is_null_if_a_function_gives_the_default() -> Result {
    type Coupon = Option<String>;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Newtype(Option<u8>);

    impl Default for Newtype {
        fn default() -> Self {
            Self(Some(1))
        }
    }

    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(default = launch)]
        coupon: Option<String>,
        #[metadata(default = launch)]
        alias: Coupon,
        #[metadata(default = Newtype::default)]
        newtype: Newtype,
        #[metadata(default)]
        default_of_newtype: Newtype,
        #[metadata(default)]
        none_by_default: Option<u8>,
        without: Option<u8>,
    }

    let order = Order {
        coupon: None,
        alias: None,
        newtype: Newtype(None),
        default_of_newtype: Newtype(None),
        none_by_default: None,
        without: None,
    };
    assert_eq!(
        round_trip(&order)?,
        r#"{"coupon":null,"alias":null,"newtype":null,"default_of_newtype":null}"#
    );
    let order = Order {
        coupon: launch(),
        alias: launch(),
        newtype: Newtype(Some(1)),
        default_of_newtype: Newtype(Some(1)),
        none_by_default: None,
        without: None,
    };
    assert_eq!(parse::<Order>("{}")?, order);
    round_trip(&order)?;
    Ok(())
}

/// Writes zero as `None`, but does not read `null`.
mod nonzero {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        (*value != 0).then_some(value).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        u32::deserialize(deserializer)
    }
}

/// Writes and reads the number as text.
mod text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        value: &Option<u32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(|value| value.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u32>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom))
            .transpose()
    }
}

#[test]
fn none_of_a_module_reads_as_none_or_as_the_default() -> Result {
    fn five() -> Option<u32> {
        Some(5)
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(with = text, default = five)]
        seats: Option<u32>,
        #[metadata(with = nonzero, default)]
        months: u32,
    }
    let order = |seats, months| Order { seats, months };
    assert_eq!(
        round_trip(&order(None, 0))?,
        r#"{"seats":null,"months":null}"#
    );
    assert_eq!(
        round_trip(&order(Some(2), 3))?,
        r#"{"seats":"2","months":3}"#
    );
    assert_eq!(parse::<Order>("{}")?, order(Some(5), 0));
    assert_eq!(
        parse::<Order>(r#"{"months":"hidden"}"#)
            .err()
            .map(|error| error.to_string())
            .as_deref(),
        Some("metadata key `months`: expected u32 in the format of `nonzero`, found a string")
    );
    Ok(())
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
#[metadata(default)]
struct Settings {
    seats: u32,
    coupon: Option<String>,
    #[metadata(rename = "source")]
    placed_from: String,
    #[metadata(default)]
    own_default: u32,
    #[metadata(default = launch)]
    own_function: Option<String>,
    #[metadata(skip)]
    notes: Vec<&'static str>,
    #[metadata(flatten)]
    others: Metadata,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seats: 5,
            coupon: Some("LAUNCH".into()),
            placed_from: "shop".into(),
            own_default: 7,
            own_function: None,
            notes: vec!["made"],
            others: Metadata::new(),
        }
    }
}

#[test]
fn absent_keys_read_as_the_fields_of_the_default_struct() -> Result {
    let read: Settings = parse(r#"{"source":"app","campaign":1}"#)?;
    assert_eq!(
        read,
        Settings {
            placed_from: "app".into(),
            own_default: 0,
            own_function: launch(),
            others: Metadata::from_json(r#"{"campaign":1}"#)?,
            ..Settings::default()
        }
    );
    round_trip(&read)?;
    let none = Settings {
        coupon: None,
        ..Settings::default()
    };
    assert_eq!(
        round_trip(&none)?,
        r#"{"seats":5,"coupon":null,"source":"shop","own_default":7,"own_function":null}"#
    );
    assert_eq!(
        parse::<Settings>(r#"{"seats":"hidden"}"#)
            .err()
            .map(|error| error.to_string())
            .as_deref(),
        Some("metadata key `seats`: expected u32, found a string")
    );
    Ok(())
}

#[test]
fn a_struct_can_have_a_function_as_default_and_type_parameters() -> Result {
    fn two<T: From<u8>>() -> Pair<T> {
        Pair {
            first: 1.into(),
            second: 2.into(),
            unsent: vec![3.into()],
        }
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    #[metadata(default = two, explicit)]
    struct Pair<T: From<u8>> {
        #[metadata]
        first: T,
        #[metadata(alias = "other")]
        second: T,
        unsent: Vec<T>,
    }
    assert_eq!(
        parse::<Pair<u32>>(r#"{"other":7}"#)?,
        Pair { second: 7, ..two() }
    );
    Ok(())
}

#[test]
fn a_default_struct_can_be_flattened() -> Result {
    #[derive(Debug, Default, PartialEq, CheckoutMetadata)]
    #[metadata(default)]
    struct Campaign {
        utm: String,
        position: u8,
    }
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(flatten)]
        campaign: Campaign,
    }
    let order: Order = parse(r#"{"utm":"a"}"#)?;
    assert_eq!(
        order.campaign,
        Campaign {
            utm: "a".into(),
            position: 0
        }
    );
    assert_eq!(
        parse::<Order>("{}")?.campaign,
        Campaign {
            utm: String::new(),
            position: 0
        }
    );
    Ok(())
}

#[test]
fn serde_attributes_of_the_struct_can_be_confirmed_or_repeated() -> Result {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
    #[serde(into = "u32", deny_unknown_fields, bound = "")]
    #[metadata]
    struct Seats {
        seat_count: u32,
    }
    impl From<Seats> for u32 {
        fn from(seats: Seats) -> Self {
            seats.seat_count
        }
    }
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
    #[serde(
        default,
        rename_all = "camelCase",
        rename = "order",
        expecting = "an order"
    )]
    #[metadata(default, rename_all = "camelCase")]
    struct Order {
        seat_count: u32,
    }
    assert_eq!(round_trip(&Seats { seat_count: 5 })?, r#"{"seat_count":5}"#);
    assert_eq!(round_trip(&Order { seat_count: 5 })?, r#"{"seatCount":5}"#);
    assert_eq!(parse::<Order>("{}")?, Order::default());
    Ok(())
}
