//! Types without named fields, and enums without a tag.

use kelviq_core::{CheckoutMetadata, ToMetadata};

#[derive(CheckoutMetadata)]
struct OrderRef(String);

#[derive(CheckoutMetadata)]
union Bits {
    signed: i32,
    unsigned: u32,
}

#[derive(CheckoutMetadata)]
enum Page {
    Pricing,
    Landing,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind")]
enum Order {
    Gift(String),
    Plain,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind")]
enum Nothing {}

fn uses(order_ref: &OrderRef, page: &Page, order: &Order) {
    let _ = order_ref.to_metadata();
    let _ = page.to_metadata();
    let _ = order.to_metadata().and_then(|metadata| metadata.parse::<Order>());
}

fn main() {}
