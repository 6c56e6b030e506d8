//! Duplicate and empty keys.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
struct Twice {
    source: String,
    #[metadata(rename = "source")]
    placed_from: String,
    #[metadata(alias = "source")]
    origin: String,
    r#type: String,
    #[metadata(rename = "type")]
    kind: String,
}

#[derive(CheckoutMetadata)]
#[metadata(rename_all = "camelCase")]
struct Renamed {
    order_ref: String,
    #[metadata(rename = "orderRef")]
    reference: String,
}

#[derive(CheckoutMetadata)]
struct Empty {
    #[metadata(rename = "")]
    order_ref: String,
    #[metadata(alias = "")]
    seats: u32,
}

#[derive(CheckoutMetadata)]
struct Again {
    #[metadata(alias = "order_ref", alias = "reference", alias = "reference")]
    order_ref: String,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "snake_case")]
enum Order {
    Gift {
        kind: String,
    },
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "")]
enum EmptyTag {
    Gift,
}

fn main() {}
