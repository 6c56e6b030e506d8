//! The whole expansion: the two impls, and beside them whatever is wrong.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Path};

use crate::{attributes::Container, errors::Errors, keys, model::Shape, read, write};

/// What the impls are made from.
pub(crate) struct Target<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) krate: &'a Path,
    pub(crate) shape: &'a Shape,
}

impl Target<'_> {
    /// The path of kelviq-core as if it stood at `span`: an error is shown where its first token is.
    pub(crate) fn krate_at(&self, span: Span) -> TokenStream {
        let tokens = self.krate.to_token_stream().into_iter();
        tokens
            .map(|mut token| {
                // What `$crate` means depends on its span.
                if token.to_string() != "$crate" {
                    token.set_span(span);
                }
                token
            })
            .collect()
    }
}

/// What is no concern of the author of the struct in code that they have not written.
pub(crate) fn allowed() -> TokenStream {
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

/// An impl of both traits comes out in any case: were it missing after a mistake in an attribute, every use of the
/// struct would be one more error.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let container = Container::parse(&input.attrs, &mut errors);
    let shape = Shape::new(input, &container, &mut errors);
    let sound = errors.len() == 0;
    let target = Target {
        input,
        krate: &container.krate,
        shape: &shape,
    };
    // These also tell of keys that are there twice and of fields whose type is no metadata, in the same build.
    let distinct = keys::distinct(&target);
    let write = write::to_metadata(&target);
    let read = if sound {
        read::from_metadata(&target)
    } else {
        read::never(&target)
    };
    quote!(#errors #distinct #write #read)
}
