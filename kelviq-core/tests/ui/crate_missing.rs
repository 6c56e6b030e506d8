//! A path to a crate that is not a dependency.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
#[metadata(crate = ::kelviq_axum::kelviq_core)]
struct Order {
    order_ref: String,
    seats: u32,
}

fn main() {}
