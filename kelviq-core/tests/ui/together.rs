//! Items that have no meaning together.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
}

#[derive(CheckoutMetadata)]
struct Order {
    #[metadata(skip, rename = "order_ref", alias = "order")]
    skipped: String,
    #[metadata(flatten, rename = "campaign", default)]
    flattened: Campaign,
    #[metadata(flatten, skip)]
    both: Campaign,
}

fn main() {}
