//! Flattened fields whose type has no metadata keys.

use kelviq_core::CheckoutMetadata;

struct Campaign {
    utm: String,
}

#[derive(CheckoutMetadata)]
struct Order {
    #[metadata(flatten)]
    campaign: Campaign,
    #[metadata(flatten)]
    perhaps: Option<Campaign>,
    #[metadata(flatten)]
    number: u32,
}

mod shop {
    pub struct Campaign;
}

#[derive(CheckoutMetadata)]
struct Between<T> {
    order_ref: String,
    #[metadata(flatten)]
    campaign: shop::Campaign,
    #[metadata(flatten)]
    values: Vec<String>,
    seats: T,
}

#[derive(CheckoutMetadata)]
struct Itself {
    order_ref: String,
    #[metadata(flatten)]
    parent: Option<Box<Itself>>,
}

#[derive(CheckoutMetadata)]
struct GenericItself<T> {
    value: T,
    #[metadata(flatten)]
    parent: Option<Box<GenericItself<T>>>,
}

fn reads(metadata: &kelviq_core::Metadata) {
    let _ = metadata.parse::<Order>();
}

fn main() {}
