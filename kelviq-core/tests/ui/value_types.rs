//! Fields whose type serde cannot serialize.

use kelviq_core::{CheckoutMetadata, ToMetadata};

struct Cart;

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
}

#[derive(CheckoutMetadata)]
struct Order {
    order_ref: String,
    cart: Cart,
    carts: Vec<Cart>,
    perhaps: Option<Cart>,
    campaign: Campaign,
}

#[derive(CheckoutMetadata)]
struct Generic<T> {
    value: T,
}

fn send(_: &impl ToMetadata) {}

fn uses(generic: &Generic<Cart>) {
    send(generic);
}

fn main() {}
