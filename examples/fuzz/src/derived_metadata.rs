//! Structs and enums that derive `CheckoutMetadata`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Debug, Display},
};

use kelviq_core::{
    CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataReader, ToMetadata,
};

#[derive(Debug, PartialEq, CheckoutMetadata)]
struct Order {
    reference: String,
    #[metadata(rename = "count", alias = "seats")]
    quantity: u32,
    #[metadata(default)]
    offset: i64,
    large: Option<u64>,
    price: Option<f64>,
    #[metadata(default)]
    gift: bool,
    #[metadata(default)]
    tags: Vec<String>,
    #[metadata(skip)]
    cart: u8,
    #[metadata(flatten)]
    campaign: Option<Campaign>,
    #[metadata(flatten)]
    others: Metadata,
}

/// An order without flattened fields. Such a struct is first read in the order of the text.
#[derive(Debug, PartialEq, CheckoutMetadata)]
struct FlatOrder {
    reference: String,
    #[metadata(rename = "count", alias = "seats")]
    quantity: u32,
    #[metadata(default)]
    offset: i64,
    large: Option<u64>,
    price: Option<f64>,
    #[metadata(default)]
    gift: bool,
    #[metadata(default)]
    tags: Vec<String>,
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
#[metadata(rename_all = "camelCase")]
struct Campaign {
    utm_source: String,
    utm_count: Option<f32>,
}

#[derive(Debug, PartialEq, CheckoutMetadata)]
#[metadata(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum Purchase {
    Gift {
        given_to: String,
        note: Option<char>,
    },
    Seats {
        seat_count: u16,
    },
    Donation,
}

/// Reads `T` from the entries of the object, never in the order of the text.
struct FromEntries<T>(T);

impl<T: FromMetadata> FromMetadata for FromEntries<T> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader).map(Self)
    }
}

/// The input is a text that may be metadata.
///
/// - A type without flattened fields is read from the text as from the entries of `Metadata`, with the same value or the same
///   error. It is not read from text that `Metadata` rejects.
/// - What is read is written, and then read as an equal value, which is written as the same text.
/// - A missing or malformed entry is an error without its value.
///
/// Returns whether one of the types is read.
pub fn derived_metadata(data: &[u8]) -> bool {
    let text = str::from_utf8(data).unwrap_or_default();
    compare::<FlatOrder>(text);
    compare::<Campaign>(text);
    compare::<Option<Campaign>>(text);
    compare::<Purchase>(text);
    let Ok(metadata) = Metadata::from_json(text) else {
        return false;
    };
    let is_read = [
        read::<Order>(&metadata),
        read::<FlatOrder>(&metadata),
        read::<Campaign>(&metadata),
        read::<Purchase>(&metadata),
        read::<BTreeMap<String, u8>>(&metadata),
    ];
    read::<Option<Campaign>>(&metadata);

    let mut wrong = Metadata::from_json(r#"{"reference":"A","count":1}"#).unwrap();
    wrong.merge(&metadata);
    wrong.insert("gift", "5ecre7").unwrap();
    assert_has_no_value(&wrong.parse::<Order>().unwrap_err());
    wrong.insert("gift", &true).unwrap();
    wrong.insert("price", &["5ecre7"]).unwrap();
    assert_has_no_value(&wrong.parse::<Order>().unwrap_err());
    is_read.contains(&true)
}

/// Reads `T` from the text and from the entries of `Metadata`, with the same result.
fn compare<T: FromMetadata + PartialEq + Debug>(text: &str) {
    let metadata = Metadata::from_json(text);
    let from_entries = metadata.and_then(|metadata| metadata.parse::<FromEntries<T>>());
    let from_entries = from_entries.map(|FromEntries(value)| value);
    assert_eq!(T::from_json(text), from_entries);
}

/// Returns whether `T` is read.
fn read<T: FromMetadata + ToMetadata + PartialEq + Debug>(metadata: &Metadata) -> bool {
    match metadata.parse::<T>() {
        Ok(value) => {
            let written = value.to_metadata().unwrap();
            let again: T = written.parse().unwrap();
            assert_eq!(again.to_metadata().unwrap(), written);
            // A flattened `Metadata` is read with duplicate keys, and written with the last one.
            let keys: BTreeSet<_> = metadata.keys().collect();
            if keys.len() == metadata.len() {
                assert_eq!(again, value);
            }
            true
        }
        Err(error) => {
            let _ = format!("{error} {error:?}");
            false
        }
    }
}

fn assert_has_no_value(error: &(impl Display + Debug)) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("5ecre7"), "{shown}");
}
