//! Lints in generated code.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::DeriveInput;

use crate::generics::contains;

/// Lints to allow in generated code.
///
/// `deprecated` is allowed only where the struct names the lint or attribute, because `allow` is an error under
/// `#![forbid(deprecated)]`.
pub(crate) fn allowed_lints(input: &DeriveInput) -> TokenStream {
    let names_deprecated = contains(
        input.to_token_stream(),
        &|token| matches!(token, TokenTree::Ident(ident) if ident == "deprecated"),
    );
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
