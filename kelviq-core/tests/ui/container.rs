//! Invalid attributes of the struct or enum. Errors that may only follow from them are not reported.

use kelviq_core::{CheckoutMetadata, ToMetadata};

struct Cart;

#[derive(CheckoutMetadata)]
#[metadata(explict)]
struct Explicit {
    #[metadata]
    order_ref: String,
    cart: Cart,
    password: String,
    #[metadata(flaten)]
    misspelt_too: Cart,
}

#[derive(CheckoutMetadata)]
#[metadata(rename_al = "camelCase")]
struct Renamed {
    order_ref: String,
    #[metadata(rename = "order_ref")]
    reference: String,
}

#[derive(serde::Serialize, CheckoutMetadata)]
#[metadata(explict)]
#[serde(rename_all = "camelCase")]
struct ForSerdeToo {
    #[serde(skip)]
    notes: String,
}

#[derive(CheckoutMetadata)]
#[metadata(tga = "kind")]
enum Tagged {
    Gift { kind: String },
    #[metadata(rename = "Gift")]
    Present { cart: Cart },
}

#[derive(serde::Serialize, CheckoutMetadata)]
#[metadata(rename_all = "camel_case")]
struct UnknownCase {
    password: String,
    #[serde(skip)]
    notes: String,
    #[metadata(skip)]
    api_key: String,
}

fn uses(explicit: &Explicit, renamed: &Renamed, tagged: &Tagged) {
    let _ = explicit.to_metadata();
    let _ = renamed.to_metadata();
    let _ = tagged.to_metadata().and_then(|metadata| metadata.parse::<Tagged>());
}

fn main() {}
