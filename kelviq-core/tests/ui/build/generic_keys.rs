//! Duplicate keys in a flattened type parameter, which are found where the type is used.

use kelviq_core::{CheckoutMetadata, ToMetadata};

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
    source: String,
}

#[derive(CheckoutMetadata)]
struct Order<T> {
    source: String,
    #[metadata(flatten)]
    more: T,
}

fn main() {
    let campaign = Campaign { utm: String::new(), source: String::new() };
    let order = Order { source: String::new(), more: campaign };
    let _ = order.to_metadata();
}
