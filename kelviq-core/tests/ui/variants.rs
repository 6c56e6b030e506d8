//! Duplicate and empty names of variants.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "snake_case")]
enum Order {
    Gift,
    #[metadata(rename = "gift")]
    Present,
    #[metadata(alias = "gift")]
    Plain,
    #[metadata(alias = "old", alias = "old")]
    Twice,
    #[metadata(alias = "own_name")]
    OwnName,
    #[metadata(rename = "")]
    Empty,
    #[metadata(alias = "")]
    EmptyAlias,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind")]
enum TwoOthers {
    #[metadata(other)]
    Unknown,
    #[metadata(other)]
    Unsupported,
}

fn main() {}
