//! A struct that borrows can be written but not read.

use std::marker::PhantomData;

use kelviq_core::{CheckoutMetadata, Metadata, ToMetadata};

#[derive(CheckoutMetadata)]
struct Order<'a> {
    order_ref: &'a str,
    seats: u32,
}

#[derive(CheckoutMetadata)]
struct InATuple {
    named: (PhantomData<u8>, &'static str),
}

fn writes(order: &Order<'_>) {
    let _ = order.to_metadata();
}

fn reads(metadata: &Metadata) {
    let _ = metadata.parse::<Order>();
    let _ = metadata.parse::<InATuple>();
}

fn main() {}
