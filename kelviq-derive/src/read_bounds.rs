//! Generating the bounds of the impl of `FromMetadata`.
//!
//! They are higher-ranked, `Type: for<'a> ReadValue<'a>`, because the compiler does not check such a bound at the impl, but
//! where the impl is used. A struct that can only be written compiles, and the error appears where it is read.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use crate::{
    generics::{
        borrows, depends_on_parameters, mentions_self, start_of, unused_lifetime,
        with_static_lifetimes,
    },
    keys,
    model::{Entry, Fallback, Field, Role, Shape, Target},
};

/// Generates the bounds.
pub(crate) fn bounds(target: &Target) -> Vec<TokenStream> {
    let krate = target.krate;
    let lifetime = unused_lifetime(target.input);
    let mut bounds = Vec::new();
    if let Shape::Struct {
        default: Some(Fallback::Default),
        ..
    } = target.shape
    {
        let name = target.input.ident.span();
        bounds.push(
            quote_spanned!(name=> Self: for<#lifetime> #krate::bounds::ReadDefault<#lifetime>),
        );
    }
    for Field { ty, role, .. } in target.shape.fields() {
        let span = start_of(ty);
        let is_generic = depends_on_parameters(ty, &target.input.generics);
        // The compiler checks a bound that depends on a parameter where the impl is used, so it can be a public trait.
        let mut require = |name: &str, public: TokenStream| {
            let name = Ident::new(name, span);
            bounds.push(if is_generic && !public.is_empty() {
                quote_spanned!(span=> #ty: #public)
            } else {
                quote_spanned!(span=> #ty: for<#lifetime> #krate::bounds::#name<#lifetime>)
            });
        };
        match role {
            Role::Flattened if is_generic => {
                bounds.push(quote_spanned!(span=> #ty: #krate::FromMetadata + #krate::ToMetadata));
            }
            Role::Flattened => {
                // If the type has no keys, which is an error already, the constant is invalid too. The compiler then assumes
                // that the bound is satisfied, instead of an error wherever the struct is read.
                let has_keys = if mentions_self(ty) {
                    quote!(true)
                } else {
                    let ty = with_static_lifetimes(quote!(#ty), &target.input.generics);
                    let keys = keys::keys_of_type(target, ty);
                    quote_spanned!(span=> { #krate::__private::has_keys(#keys) })
                };
                bounds.push(quote_spanned! {span=>
                    #ty: for<#lifetime> #krate::bounds::ReadFlattened<#lifetime, #has_keys>
                });
            }
            Role::Skipped(Fallback::Default) => require(
                "ReadDefault",
                quote_spanned!(span=> ::core::default::Default),
            ),
            Role::Skipped(Fallback::Function(_) | Fallback::FieldOfStruct) => {}
            Role::Entry(Entry { with, absent, .. }) => {
                if with.is_none() {
                    if borrows(ty) {
                        require("ReadBorrowed", TokenStream::new());
                    } else {
                        require(
                            "ReadValue",
                            quote_spanned!(span=> #krate::bounds::DeserializeOwned),
                        );
                    }
                }
                if matches!(absent, Some(Fallback::Default)) {
                    require(
                        "ReadDefault",
                        quote_spanned!(span=> ::core::default::Default),
                    );
                }
            }
        }
    }
    bounds
}
