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
                token.set_span(span);
                token
            })
            .collect()
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
    let write = write::to_metadata(&target);
    if sound {
        let distinct = keys::distinct(&target);
        let read = read::from_metadata(&target);
        quote!(#distinct #write #read)
    } else {
        // The real impl of writing also tells of the fields whose type is no metadata, in the same build.
        let read = read::never(&target);
        quote!(#errors #write #read)
    }
}
