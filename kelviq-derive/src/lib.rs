//! `#[derive(CheckoutMetadata)]`. `kelviq-core` re-exports and documents it.
//!
//! The derive has three steps. `attributes` parses the attributes, `shape` and `fields` check them and build the `model`,
//! and `to_metadata` and `from_metadata` generate the two impls.

mod attribute_name;
mod attributes;
mod case;
mod errors;
mod expand;
mod fields;
mod from_metadata;
mod generics;
mod items;
mod keys;
mod lints;
mod model;
mod near_miss;
mod read_bounds;
mod sensitive;
mod sensitive_context;
mod sensitive_terms;
mod serde_attributes;
mod shape;
mod to_metadata;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `ToMetadata` and `FromMetadata` for a struct or an internally tagged enum.
#[proc_macro_derive(CheckoutMetadata, attributes(metadata))]
pub fn checkout_metadata(input: TokenStream) -> TokenStream {
    expand::expand(&parse_macro_input!(input as DeriveInput)).into()
}
