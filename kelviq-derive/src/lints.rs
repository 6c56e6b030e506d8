//! Lints in generated code.

use proc_macro2::TokenStream;
use quote::quote;

/// Lints to allow in generated code.
pub(crate) fn allowed_lints() -> TokenStream {
    quote! {
        #[allow(
            deprecated,
            unused_qualifications,
            clippy::absolute_paths,
            clippy::trait_duplication_in_bounds,
            clippy::type_repetition_in_bounds,
        )]
    }
}
