//! Invalid paths in `crate = …`.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
#[metadata(crate = kelviq_axum::kelviq_core)]
struct Relative {
    order_ref: String,
}

#[derive(CheckoutMetadata)]
#[metadata(crate = "kelviq_core")]
struct Quoted {
    order_ref: String,
}

#[derive(CheckoutMetadata)]
#[metadata(crate)]
struct Without {
    order_ref: String,
}

#[derive(CheckoutMetadata)]
#[metadata(crate = "")]
struct Empty {
    order_ref: String,
}

fn main() {}
