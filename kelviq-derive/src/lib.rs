//! `#[derive(CheckoutMetadata)]`, re-exported by `kelviq-core`, whose documentation has the reference.
//!
//! From the attributes as written (`attributes`) to what they mean (`model`), and from there to two impls: `write` makes
//! that of `ToMetadata`, `read` that of `FromMetadata`.

mod attributes;
mod case;
mod errors;
mod expand;
mod fields;
mod generics;
mod keys;
mod model;
mod near_miss;
mod parse;
mod read;
mod sensitive;
mod serde_attributes;
mod write;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Writes and reads a struct, or an internally tagged enum, as checkout metadata.
#[proc_macro_derive(CheckoutMetadata, attributes(metadata))]
pub fn checkout_metadata(input: TokenStream) -> TokenStream {
    expand::expand(&parse_macro_input!(input as DeriveInput)).into()
}
