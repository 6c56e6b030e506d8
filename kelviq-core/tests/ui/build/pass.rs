//! A valid program. It makes trybuild build the other programs instead of only checking them.

//!
//! Its names and lints must not clash with those of the generated code.

#![forbid(deprecated)]
#![allow(dead_code, non_upper_case_globals)]

use kelviq_core::{CheckoutMetadata, ToMetadata};

const __writer: u8 = 1;
const __reader: u8 = 2;
const __value: u8 = 3;
const __default: u8 = 4;
const __field0: u8 = 5;
const __serializer: u8 = 6;
const __deserializer: u8 = 7;

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
}

/// Under `#![forbid(deprecated)]`, the name of a field is not a deprecation.
#[derive(CheckoutMetadata)]
struct Product {
    deprecated: bool,
}

#[derive(CheckoutMetadata)]
struct Order<T> {
    source: String,
    #[metadata(flatten)]
    more: T,
}

#[derive(CheckoutMetadata)]
struct Borrowed<'__kelviq> {
    name: std::borrow::Cow<'__kelviq, str>,
    #[metadata(default)]
    seats: u32,
    #[metadata(skip)]
    cart: std::marker::PhantomData<for<'__kelviq_> fn(&'__kelviq_ str)>,
}

fn main() {
    let order = Order { source: "a".into(), more: Campaign { utm: "b".into() } };
    let metadata = order.to_metadata().map(|metadata| metadata.as_json().to_owned());
    assert_eq!(metadata.as_deref(), Ok(r#"{"source":"a","utm":"b"}"#));

    let borrowed = Borrowed { name: "Ada".into(), seats: 2, cart: std::marker::PhantomData };
    let metadata = borrowed.to_metadata().and_then(|metadata| metadata.parse::<Borrowed<'_>>());
    assert_eq!(metadata.map(|read| (read.name.into_owned(), read.seats)), Ok(("Ada".to_owned(), 2)));
}
