//! Structs that can be written but not read. The error appears where they are read.

use kelviq_core::{CheckoutMetadata, Metadata, ToMetadata};

#[derive(serde::Serialize)]
struct WriteOnly;

#[derive(CheckoutMetadata)]
struct Serialized {
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
    serialized: Serialized,
}

struct Plain {
    order_ref: String,
}

fn writes(serialized: &Serialized, skipped: &Skipped, flattened: &Flattened) {
    let _ = serialized.to_metadata();
    let _ = skipped.to_metadata();
    let _ = flattened.to_metadata();
}

fn reads(metadata: &Metadata) {
    let _ = metadata.parse::<Serialized>();
    let _ = metadata.parse::<Skipped>();
    let _ = metadata.parse::<Flattened>();
    let _ = metadata.parse::<Plain>();
}

fn main() {}
