//! The errors of a struct or enum, collected so that one build reports all of them.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects errors instead of stopping at the first.
#[derive(Default)]
pub(crate) struct Errors {
    all: Vec<syn::Error>,
}

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.all.push(error);
    }

    /// Adds an error at `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.all.iter().map(syn::Error::to_compile_error));
    }
}
