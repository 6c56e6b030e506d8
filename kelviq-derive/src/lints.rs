//! Lints in generated code.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DeriveInput, Field};

use crate::generics::contains;

/// Lints to allow in generated code.
///
/// `deprecated` is allowed only where an attribute of the struct names the lint or is `#[deprecated]`, because `allow` is an
/// error under `#![forbid(deprecated)]`.
pub(crate) fn allowed_lints(input: &DeriveInput) -> TokenStream {
    let names_deprecated = attributes(input).any(|attribute| {
        contains(
            attribute.to_token_stream(),
            &|token| matches!(token, TokenTree::Ident(ident) if ident == "deprecated"),
        )
    });
    let deprecated = names_deprecated.then(|| quote!(deprecated,));
    quote! {
        #[allow(
            #deprecated
            unused_qualifications,
            clippy::absolute_paths,
            clippy::trait_duplication_in_bounds,
            clippy::type_repetition_in_bounds,
        )]
    }
}

/// Returns the attributes of a struct or enum, of its variants, and of all fields.
fn attributes(input: &DeriveInput) -> impl Iterator<Item = &Attribute> {
    let (variants, fields): (Vec<_>, Vec<&Field>) = match &input.data {
        Data::Struct(data) => (Vec::new(), data.fields.iter().collect()),
        Data::Enum(data) => {
            let fields = data.variants.iter().flat_map(|variant| &variant.fields);
            (data.variants.iter().collect(), fields.collect())
        }
        Data::Union(_) => (Vec::new(), Vec::new()),
    };
    let of_variants = variants.into_iter().flat_map(|variant| &variant.attrs);
    let of_fields = fields.into_iter().flat_map(|field| &field.attrs);
    input.attrs.iter().chain(of_variants).chain(of_fields)
}
