//! A struct that borrows can be written but not read.

use kelviq_core::{CheckoutMetadata, Metadata, ToMetadata};

#[derive(CheckoutMetadata)]
struct Order<'a> {
    order_ref: &'a str,
    seats: u32,
}

fn writes(order: &Order<'_>) {
    let _ = order.to_metadata();
}

fn reads(metadata: &Metadata) {
    let _ = metadata.parse::<Order>();
}

fn main() {}
