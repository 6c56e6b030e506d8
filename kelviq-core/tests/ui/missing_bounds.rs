//! Generic functions without the bounds of a generic struct.

use kelviq_core::{CheckoutMetadata, Metadata, MetadataError, ToMetadata};

#[derive(CheckoutMetadata)]
struct Order<T, C> {
    item: T,
    #[metadata(flatten)]
    campaign: C,
}

fn writes<T, C: ToMetadata>(order: &Order<T, C>) -> Result<Metadata, MetadataError> {
    order.to_metadata()
}

fn reads<T: serde::Serialize, C: ToMetadata>(metadata: &Metadata) -> Result<Order<T, C>, MetadataError> {
    metadata.parse()
}

fn main() {}
