//! A valid program. It makes trybuild build the other programs instead of only checking them.

use kelviq_core::{CheckoutMetadata, ToMetadata};

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
}

#[derive(CheckoutMetadata)]
struct Order<T> {
    source: String,
    #[metadata(flatten)]
    more: T,
}

fn main() {
    let order = Order { source: "a".into(), more: Campaign { utm: "b".into() } };
    let metadata = order.to_metadata().map(|metadata| metadata.as_json().to_owned());
    assert_eq!(metadata.as_deref(), Ok(r#"{"source":"a","utm":"b"}"#));
}
