//! Attributes that have no effect together.

use kelviq_core::{CheckoutMetadata, Metadata};

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
    #[metadata(flatten, allow_sensitive)]
    allowed: Option<Metadata>,
    #[metadata(skip, allow_sensitive)]
    never_sent: String,
    #[metadata(skip, with = nowhere)]
    never_written: String,
}

fn main() {}
