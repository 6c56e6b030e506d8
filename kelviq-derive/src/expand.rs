//! The expansion of the derive: both impls, and all errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::{
    attributes::ContainerAttributes, errors::Errors, from_metadata, keys, model::Target, shape,
    to_metadata,
};

/// Expands the derive.
///
/// Both traits are implemented even if there are errors. Without the impls, every use of the struct would be another error.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let container = ContainerAttributes::parse(&input.attrs, &mut errors);
    let shape = shape::parse(input, &container, &mut errors);
    let is_valid = errors.len() == 0;
    let target = Target {
        input,
        krate: &container.krate,
        shape: &shape,
    };
    // These report duplicate keys and fields with unsupported types in the same build as `errors`.
    let assertions = keys::assertions(&target);
    let to_metadata = to_metadata::expand(&target);
    let from_metadata = if is_valid {
        from_metadata::expand(&target)
    } else {
        from_metadata::expand_placeholder(&target)
    };
    quote!(#errors #assertions #to_metadata #from_metadata)
}
