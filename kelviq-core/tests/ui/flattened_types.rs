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

fn main() {}
