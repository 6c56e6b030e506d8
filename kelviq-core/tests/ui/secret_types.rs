//! Fields of a secret type.

use kelviq_core::{CheckoutMetadata, Metadata, ToMetadata};
use secrecy::SecretString;

#[derive(CheckoutMetadata)]
struct Order {
    order_ref: String,
    login: SecretString,
    perhaps: Option<secrecy::SecretBox<u32>>,
    pair: (u32, SecretString),
    list: [SecretString; 2],
    #[metadata(skip)]
    skipped: SecretString,
}

fn uses(order: &Order, metadata: &Metadata) {
    let _ = order.to_metadata();
    let _ = metadata.parse::<Order>();
}

fn main() {}
