//! The derive on types of every make: generic, borrowed, large, recursive, written by a macro.

#![allow(
    clippy::struct_field_names,
    reason = "the field is called what a shop would call it"
)]
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's `with` functions take a reference"
)]

use std::{borrow::Cow, collections::BTreeMap, marker::PhantomData};

use kelviq_core::{
    CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataWriter, ToMetadata,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

type Result = std::result::Result<(), MetadataError>;

fn round_trip<T: ToMetadata + FromMetadata + PartialEq + std::fmt::Debug>(
    value: &T,
) -> std::result::Result<String, MetadataError> {
    let metadata = value.to_metadata()?;
    assert_eq!(metadata.parse::<T>()?, *value);
    Ok(metadata.as_json().to_owned())
}

#[test]
fn a_struct_that_borrows_is_written() -> Result {
    #[derive(CheckoutMetadata)]
    struct Order<'a, 'b: 'a> {
        order_ref: &'a str,
        coupon: Option<&'b str>,
        tags: &'a [&'b str],
        whole: &'a Metadata2,
    }
    #[derive(Serialize)]
    struct Metadata2 {
        a: u8,
    }
    let order = Order {
        order_ref: "A",
        coupon: Some("x"),
        tags: &["y"],
        whole: &Metadata2 { a: 1 },
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"order_ref":"A","coupon":"x","tags":["y"],"whole":{"a":1}}"#
    );
    Ok(())
}

#[test]
fn a_struct_that_need_not_borrow_is_read_as_owned() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order<'de> {
        order_ref: Cow<'de, str>,
        marker: PhantomData<&'de ()>,
    }
    let text = String::from("A");
    let order = Order {
        order_ref: Cow::Borrowed(&text),
        marker: PhantomData,
    };
    assert_eq!(round_trip(&order)?, r#"{"order_ref":"A","marker":null}"#);
    Ok(())
}

#[test]
fn a_field_that_only_serialises_is_written() -> Result {
    #[derive(Serialize)]
    struct WriteOnly(u8);
    #[derive(CheckoutMetadata)]
    struct Order {
        value: WriteOnly,
        #[metadata(skip)]
        _neither: std::sync::mpsc::Sender<u8>,
    }
    let order = Order {
        value: WriteOnly(1),
        _neither: std::sync::mpsc::channel().0,
    };
    assert_eq!(order.to_metadata()?.as_json(), r#"{"value":1}"#);
    Ok(())
}

#[test]
fn type_parameters_are_bounded_by_what_their_fields_need() -> Result {
    trait Shop {
        type Ref;
    }
    #[derive(Debug, PartialEq)]
    struct Mine;
    impl Shop for Mine {
        type Ref = u64;
    }

    /// `S` itself needs nothing, nor does what is skipped.
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order<S: Shop, T = String, U: Default = (), const N: usize = 2>
    where
        T: Clone,
        S::Ref: PartialEq + std::fmt::Debug,
    {
        order_ref: S::Ref,
        values: Vec<T>,
        array: [u8; N],
        #[metadata(skip)]
        skipped: U,
        #[metadata(with = through_text)]
        with: u8,
    }
    mod through_text {
        pub(super) fn serialize<S: serde::Serializer>(
            value: &u8,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.collect_str(value)
        }
        pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<u8, D::Error> {
            let text: String = serde::Deserialize::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        }
    }

    let order: Order<Mine> = Order {
        order_ref: 1,
        values: vec!["a".into()],
        array: [1, 2],
        skipped: (),
        with: 7,
    };
    assert_eq!(
        round_trip(&order)?,
        r#"{"order_ref":1,"values":["a"],"array":[1,2],"with":"7"}"#
    );
    Ok(())
}

#[test]
fn generic_code_needs_only_the_traits() -> Result {
    fn through<T: Serialize + DeserializeOwned>(value: T) -> std::result::Result<T, MetadataError> {
        #[derive(CheckoutMetadata)]
        struct Wrapper<T> {
            value: T,
        }
        Ok(Wrapper { value }
            .to_metadata()?
            .parse::<Wrapper<T>>()?
            .value)
    }
    assert_eq!(through(vec![1, 2])?, [1, 2]);
    Ok(())
}

#[test]
fn recursive_types_are_values_like_others() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
    struct Node {
        name: String,
        children: Vec<Node>,
        next: Option<Box<Self>>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, CheckoutMetadata)]
    struct Tree<T> {
        value: T,
        children: Vec<Tree<T>>,
        #[metadata(default)]
        again: Vec<Self>,
    }
    let leaf = |name: &str| Node {
        name: name.into(),
        children: vec![],
        next: None,
    };
    let node = Node {
        children: vec![leaf("b")],
        next: Some(Box::new(leaf("c"))),
        ..leaf("a")
    };
    assert_eq!(
        round_trip(&node)?,
        r#"{"name":"a","children":[{"name":"b","children":[],"next":null}],"next":{"name":"c","children":[],"next":null}}"#
    );
    let tree = Tree {
        value: 1,
        children: vec![],
        again: vec![],
    };
    assert_eq!(
        round_trip(&tree)?,
        r#"{"value":1,"children":[],"again":[]}"#
    );
    Ok(())
}

#[test]
fn fields_that_are_configured_away_are_not_there() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[cfg(test)]
        here: u8,
        #[cfg(not(test))]
        gone: NoSuchType,
        #[cfg_attr(test, metadata(rename = "renamed"))]
        name: u8,
        #[cfg_attr(not(test), metadata(renam = "not looked at"))]
        plain: u8,
    }
    assert_eq!(
        round_trip(&Order {
            here: 1,
            name: 2,
            plain: 3
        })?,
        r#"{"here":1,"renamed":2,"plain":3}"#
    );
    Ok(())
}

#[test]
fn macros_can_write_the_struct() -> Result {
    macro_rules! order {
        ($(#[$attribute:meta])* $name:ident<$lifetime:lifetime> {
            $($(#[$field_attribute:meta])* $field:ident: $ty:ty = $key:literal),* $(,)?
        }) => {
            $(#[$attribute])*
            struct $name<$lifetime> {
                $($(#[$field_attribute])* #[metadata(rename = $key)] $field: $ty,)*
                own: Option<&$lifetime u8>,
            }
        };
    }
    macro_rules! seats {
        () => {
            u32
        };
    }
    order! {
        /// With documentation.
        #[derive(Debug, PartialEq, CheckoutMetadata)]
        Order<'a> {
            /// Its reference.
            order_ref: String = "ref",
            seats: seats!() = "seats",
            #[metadata(flatten_not = "x")]
            #[cfg(any())]
            never: u8 = "never",
        }
    }
    let order = Order {
        order_ref: "A".into(),
        seats: 1,
        own: Some(&5),
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"ref":"A","seats":1,"own":5}"#
    );
    Ok(())
}

#[test]
fn a_flattened_field_in_a_macro_is_checked_and_written() -> Result {
    #[derive(CheckoutMetadata)]
    struct Campaign<'c> {
        utm: &'c str,
    }
    macro_rules! order {
        ($name:ident, $ty:ty) => {
            #[derive(CheckoutMetadata)]
            struct $name<'a> {
                order_ref: u8,
                #[metadata(flatten)]
                campaign: $ty,
                marker: PhantomData<&'a ()>,
            }
        };
    }
    order!(Order, Campaign<'a>);
    let order = Order {
        order_ref: 1,
        campaign: Campaign { utm: "a" },
        marker: PhantomData,
    };
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"order_ref":1,"utm":"a","marker":null}"#
    );
    Ok(())
}

#[test]
fn sixty_fields_are_sixty_keys() -> Result {
    macro_rules! large {
        ($($field:ident)*) => {
            #[derive(Debug, Default, PartialEq, CheckoutMetadata)]
            struct Large { $($field: u8),* }
            const NAMES: &[&str] = &[$(stringify!($field)),*];
        };
    }
    large! {
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
        d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
    }
    assert_eq!(NAMES.len(), 60);
    assert_eq!(Large::KEYS.to_vec(), NAMES);
    let json = round_trip(&Large {
        f9: 9,
        ..Large::default()
    })?;
    assert!(
        json.starts_with(r#"{"a0":0,"#) && json.ends_with(r#","f9":9}"#),
        "{json}"
    );
    Ok(())
}

#[test]
fn names_that_the_generated_code_could_use_are_free() -> Result {
    #[derive(Debug, Default, PartialEq, CheckoutMetadata)]
    struct Order {
        writer: u8,
        __writer: u8,
        reader: u8,
        __reader: u8,
        __field0: u8,
        __field1: u8,
        __serializer: u8,
        key: u8,
        value: u8,
        r#match: u8,
    }
    assert_eq!(
        round_trip(&Order::default())?,
        r#"{"writer":0,"__writer":0,"reader":0,"__reader":0,"__field0":0,"__field1":0,"__serializer":0,"key":0,"value":0,"match":0}"#
    );
    Ok(())
}

#[test]
fn values_are_whatever_serde_writes() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Values {
        json: serde_json::Value,
        big: u128,
        small: i128,
        pairs: BTreeMap<u32, Option<bool>>,
        bytes: Vec<u8>,
        text: Box<str>,
        duration: std::time::Duration,
        address: std::net::IpAddr,
    }
    let values = Values {
        json: serde_json::json!({"b": [1.5, null]}),
        big: u128::MAX,
        small: i128::MIN,
        pairs: BTreeMap::from([(1, None), (2, Some(true))]),
        bytes: vec![0, 255],
        text: "x".into(),
        duration: std::time::Duration::from_millis(1500),
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(
        round_trip(&values)?,
        r#"{"json":{"b":[1.5,null]},"big":340282366920938463463374607431768211455,"small":-170141183460469231731687303715884105728,"pairs":{"1":null,"2":true},"bytes":[0,255],"text":"x","duration":{"secs":1,"nanos":500000000},"address":"127.0.0.1"}"#
    );
    Ok(())
}

#[test]
fn raw_json_goes_out_and_comes_back_verbatim() -> Result {
    #[derive(CheckoutMetadata)]
    struct Order {
        raw: Box<serde_json::value::RawValue>,
    }
    let order: Order = Metadata::from_json(r#"{"raw": {"b": 1.10, "a": 1e400} }"#)?.parse()?;
    assert_eq!(
        order.to_metadata()?.as_json(),
        r#"{"raw":{"b": 1.10, "a": 1e400}}"#
    );
    Ok(())
}

#[test]
fn only_a_type_that_holds_a_reference_counts_as_borrowed() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Id<T: ?Sized>(u32, #[serde(skip)] PhantomData<fn(&T)>);

    #[derive(CheckoutMetadata)]
    struct Order {
        bits: [u8; 7 & 3],
        id: Id<dyn Fn(&u8)>,
        function: Id<fn(&u8) -> &u8>,
    }
    let metadata = Metadata::from_json(r#"{"bits":[1,2,3],"id":[5,0],"function":[6,0]}"#)?;
    let Err(error) = metadata.parse::<Order>() else {
        panic!("one field is skipped, so two are too many")
    };
    assert_eq!(error.key(), Some("id"));
    let metadata = Metadata::from_json(r#"{"bits":[1,2,3],"id":[5],"function":[6]}"#)?;
    let order: Order = metadata.parse()?;
    assert_eq!(
        (order.bits, order.id.0, order.function.0),
        ([1, 2, 3], 5, 6)
    );
    assert_eq!(order.to_metadata()?, metadata);
    Ok(())
}

/// Writes and reads by `T`, as the adapters of `serde_with` do.
struct As<T>(PhantomData<T>);

impl<T: std::str::FromStr + ToString + Copy> As<T> {
    fn serialize<S: serde::Serializer>(
        value: &T,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.to_string())
    }

    fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("no T"))
    }
}

#[test]
fn with_takes_a_type_with_arguments() -> Result {
    #[derive(Debug, PartialEq, CheckoutMetadata)]
    struct Order {
        #[metadata(with = As::<u32>)]
        seats: u32,
        #[metadata(with = "As::<u8>", default)]
        months: u8,
    }
    let order = Order {
        seats: 5,
        months: 2,
    };
    assert_eq!(round_trip(&order)?, r#"{"seats":"5","months":"2"}"#);
    Ok(())
}

#[test]
fn lifetimes_of_a_functions_own_stay_as_they_are() -> Result {
    struct Of<T>(PhantomData<T>);
    impl ToMetadata for Of<for<'x> fn(&'x str)> {
        fn write_metadata(&self, _: &mut MetadataWriter) -> Result {
            Ok(())
        }
    }
    #[derive(CheckoutMetadata)]
    struct Order<'a> {
        order_ref: &'a str,
        #[metadata(flatten)]
        nothing: Of<for<'x> fn(&'x str)>,
    }
    let order = Order {
        order_ref: "A",
        nothing: Of(PhantomData),
    };
    assert_eq!(order.to_metadata()?.as_json(), r#"{"order_ref":"A"}"#);
    Ok(())
}
