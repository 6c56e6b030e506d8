//! Items of `#[metadata(…)]` that are unknown, in the wrong position, or incomplete.

use kelviq_core::{CheckoutMetadata, ToMetadata};

#[derive(CheckoutMetadata)]
#[metadata(rename_al = "camelCase", explicit = true)]
struct Names {
    #[metadata(renam = "order_ref")]
    misspelt: String,
    #[metadata(validate)]
    unknown: String,
    #[metadata(rename = "first", rename = "second")]
    twice: String,
    #[metadata(skip)]
    #[metadata(skip)]
    twice_in_two_attributes: String,
    #[metadata(tag = "kind")]
    belongs_on_the_enum: String,
    #[metadata(flaten, skp, colour = "red")]
    three_in_one: String,
    #[metadata(serde::rename = "x")]
    path: String,
}

#[derive(CheckoutMetadata)]
#[metadata(rename_all = "camel_case", rename_all_fields = "snake_case", skip, tag = "kind")]
struct Container {
    order_ref: String,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "title case")]
enum Variants {
    #[metadata(skip)]
    Gift,
    #[metadata(renam = "plain")]
    Plain { order_ref: String },
}

#[derive(CheckoutMetadata)]
struct Values {
    #[metadata(rename)]
    without: String,
    #[metadata(rename = 5)]
    number: String,
    #[metadata(rename = KEY)]
    constant: String,
    #[metadata(rename(serialize = "a", deserialize = "b"))]
    list: String,
    #[metadata(skip = true)]
    flag: String,
    #[metadata(with)]
    with_without: String,
    #[metadata(with = 5)]
    with_number: String,
    #[metadata(default = "not a path")]
    default_text: String,
    #[metadata = "order_ref"]
    equals: String,
    #[metadata("order_ref")]
    literal: String,
}

#[derive(CheckoutMetadata)]
struct Quoted {
    #[metadata(with = "a b")]
    two: u32,
    #[metadata(with = "/*")]
    comment: u32,
    #[metadata(default = ")")]
    parenthesis: u32,
    #[metadata(with = "")]
    empty: u32,
    #[metadata(default = |x| 5)]
    closure: u32,
    #[metadata(rename = "a" "b")]
    texts: u32,
}

#[derive(CheckoutMetadata)]
struct MissingComma {
    #[metadata(rename = "a" default)]
    after_a_text: u32,
    #[metadata(default alias = "c")]
    after_a_flag: u32,
    #[metadata(with = cents alias = "c", flaten)]
    after_a_path: u32,
    #[metadata(skip("cart"))]
    flag_with_a_list: u32,
}

/// Using a struct with an error is not another error.
fn uses(names: &Names, container: &Container, variants: &Variants, values: &Values) {
    let _ = names.to_metadata();
    let _ = container.to_metadata();
    let _ = variants.to_metadata();
    let _ = values.to_metadata().and_then(|metadata| metadata.parse::<Values>());
}

fn main() {}
