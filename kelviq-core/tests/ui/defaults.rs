//! Invalid functions in `default = …`.

use kelviq_core::{CheckoutMetadata, Metadata};

fn text() -> String {
    String::new()
}

fn next(number: u32) -> u32 {
    number + 1
}

#[derive(CheckoutMetadata)]
struct Order {
    #[metadata(default = text)]
    another_type: u32,
    #[metadata(default = next)]
    takes_something: u32,
    #[metadata(default = nowhere)]
    missing: u32,
    #[metadata(skip, default = text)]
    skipped: u32,
}

fn main() {
    let _ = Metadata::new().parse::<Order>();
}
