//! NaN and infinities, which JSON does not have, are errors when they are written, wherever they are.

use std::collections::{BTreeMap, HashMap};

use kelviq_core::{CheckoutMetadata, MetadataError, ToMetadata};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Returns the key of the error, and checks its message.
fn rejected_key<T: ToMetadata>(value: T) -> String {
    let Err(error) = value.to_metadata() else {
        panic!("NaN and infinities are not JSON")
    };
    let key = error.key().unwrap_or_default().to_owned();
    assert_eq!(
        error.to_string(),
        format!(
            "metadata key `{key}`: the value is or contains NaN or an infinity, which JSON does not have"
        )
    );
    key
}

/// Every kind of type in which serde writes other values.
#[derive(Clone, Serialize)]
enum Nested {
    Newtype(f64),
    Tuple(u8, f32),
    Struct { value: f64 },
    Some(Option<f64>),
    Sequence(Vec<f32>),
    Pair((f64, f64)),
    Array([f32; 1]),
    Map(BTreeMap<String, f64>),
    NewtypeStruct(Amount),
    TupleStruct(Point),
    Inner(Inner),
    Flattened(Flattened),
    Tagged(Tagged),
    Untagged(Untagged),
    Boxed(Box<Nested>),
}

#[derive(Clone, Serialize)]
struct Amount(f64);

#[derive(Clone, Serialize)]
struct Point(f64, f64);

#[derive(Clone, Serialize)]
struct Inner {
    value: f32,
}

#[derive(Clone, Serialize)]
struct Flattened {
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Clone, Serialize)]
#[serde(tag = "kind")]
enum Tagged {
    Inner(Inner),
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Untagged {
    Value(f64),
}

/// Returns one value of each kind that contains `double` and `single`.
fn nested(double: f64, single: f32) -> Vec<Nested> {
    let inner = Inner { value: single };
    let kinds = vec![
        Nested::Newtype(double),
        Nested::Tuple(1, single),
        Nested::Struct { value: double },
        Nested::Some(Some(double)),
        Nested::Sequence(vec![1.0, single]),
        Nested::Pair((1.0, double)),
        Nested::Array([single]),
        Nested::Map(BTreeMap::from([("a".to_owned(), double)])),
        Nested::NewtypeStruct(Amount(double)),
        Nested::TupleStruct(Point(1.0, double)),
        Nested::Inner(inner.clone()),
        Nested::Flattened(Flattened {
            inner: inner.clone(),
        }),
        Nested::Tagged(Tagged::Inner(inner)),
        Nested::Untagged(Untagged::Value(double)),
    ];
    let boxed = kinds.iter().cloned().map(Box::new).map(Nested::Boxed);
    kinds.iter().cloned().chain(boxed).collect()
}

#[test]
fn a_field_that_is_not_finite_is_an_error() {
    #[derive(CheckoutMetadata)]
    struct Order {
        double: f64,
        single: f32,
        maybe: Option<f64>,
    }
    let order = |double, single, maybe| Order {
        double,
        single,
        maybe,
    };
    assert_eq!(rejected_key(order(f64::NAN, 1.0, None)), "double");
    assert_eq!(rejected_key(order(1.0, f32::NEG_INFINITY, None)), "single");
    assert_eq!(rejected_key(order(1.0, 1.0, Some(f64::INFINITY))), "maybe");
    assert!(order(1.0, 1.0, Some(1.0)).to_metadata().is_ok());
}

#[test]
fn a_nested_value_that_is_not_finite_is_an_error() -> Result<(), MetadataError> {
    #[derive(CheckoutMetadata)]
    struct Order {
        nested: Nested,
    }
    for (double, single) in [
        (f64::NAN, f32::NAN),
        (f64::INFINITY, f32::INFINITY),
        (f64::NEG_INFINITY, f32::NEG_INFINITY),
    ] {
        for nested in nested(double, single) {
            assert_eq!(rejected_key(Order { nested }), "nested");
        }
    }
    for nested in nested(1.5, 0.1) {
        let written = Order {
            nested: nested.clone(),
        }
        .to_metadata()?;
        assert_eq!(
            written.get_json("nested"),
            serde_json::to_string(&nested).ok().as_deref()
        );
    }
    Ok(())
}

#[test]
fn a_value_in_a_map_that_is_not_finite_is_an_error() {
    #[derive(CheckoutMetadata)]
    struct Order {
        order_ref: u8,
        #[metadata(flatten)]
        others: BTreeMap<String, f64>,
    }
    assert_eq!(
        rejected_key(BTreeMap::from([("a".to_owned(), f64::NAN)])),
        "a"
    );
    assert_eq!(
        rejected_key(HashMap::from([("a".to_owned(), vec![f32::INFINITY])])),
        "a"
    );
    let order = Order {
        order_ref: 1,
        others: BTreeMap::from([("a".to_owned(), f64::NAN)]),
    };
    assert_eq!(rejected_key(order), "a");
}

#[test]
fn a_module_that_writes_what_is_not_finite_is_an_error() {
    mod percent {
        use super::{Deserialize, Deserializer, Serialize, Serializer};

        pub(super) fn serialize<S: Serializer>(
            (part, whole): &(f64, f64),
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            [Some(part / whole)].serialize(serializer)
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<(f64, f64), D::Error> {
            let [share] = <[f64; 1]>::deserialize(deserializer)?;
            Ok((share, 1.0))
        }
    }
    #[derive(CheckoutMetadata)]
    struct Order {
        #[metadata(with = percent)]
        share: (f64, f64),
    }
    assert_eq!(rejected_key(Order { share: (0.0, 0.0) }), "share");
}

#[test]
fn a_key_that_is_not_finite_is_an_error() {
    #[derive(CheckoutMetadata)]
    struct Order {
        by_price: Prices,
    }
    struct Prices(f64);
    impl Serialize for Prices {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map([(self.0, 1)])
        }
    }
    assert_eq!(
        rejected_key(Order {
            by_price: Prices(f64::NAN)
        }),
        "by_price"
    );
}
