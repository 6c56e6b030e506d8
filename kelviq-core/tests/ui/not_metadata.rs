//! A type without the derive.

use kelviq_core::ToMetadata;

#[derive(serde::Serialize)]
struct Order {
    order_ref: String,
}

fn send(_: &impl ToMetadata) {}

fn main() {
    send(&Order { order_ref: String::new() });
    send(&"order");
}
