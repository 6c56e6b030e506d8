//! Structs that can be written but not read. The error appears where they are read.

use kelviq_core::{CheckoutMetadata, Metadata, ToMetadata};

#[derive(serde::Serialize)]
struct WriteOnly;

#[derive(CheckoutMetadata)]
struct Serialised {
    page: WriteOnly,
}

struct NoDefault;

#[derive(CheckoutMetadata)]
struct Skipped {
    #[metadata(skip)]
    cart: NoDefault,
}

#[derive(CheckoutMetadata)]
struct Flattened {
    #[metadata(flatten)]
    serialised: Serialised,
}

struct Plain {
    order_ref: String,
}

fn writes(serialised: &Serialised, skipped: &Skipped, flattened: &Flattened) {
    let _ = serialised.to_metadata();
    let _ = skipped.to_metadata();
    let _ = flattened.to_metadata();
}

fn reads(metadata: &Metadata) {
    let _ = metadata.parse::<Serialised>();
    let _ = metadata.parse::<Skipped>();
    let _ = metadata.parse::<Flattened>();
    let _ = metadata.parse::<Plain>();
}

fn main() {}
