//! The impl of `ToMetadata`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use crate::{
    expand::{Target, allowed},
    generics::{depends_on_parameters, span_of, where_clause, written_at},
    keys::{self, Side, keep_from_maps},
    model::{Field, Role, Shape},
};

pub(crate) fn to_metadata(target: &Target) -> TokenStream {
    let Target {
        input,
        krate,
        shape,
    } = target;
    let name = &input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = where_clause(&input.generics, &bounds(target));
    let keys = keys::expression(target, Side::Written);
    let read_keys = keys::expression(target, Side::Read);
    let allowed = allowed();
    let distinct = keys::distinct_later(target);
    let body = match shape {
        Shape::Wrong => TokenStream::new(),
        Shape::Struct(fields) => {
            let pattern = pattern(fields);
            let reserved = reserved(target, None, fields);
            let entries = entries(target, fields);
            quote_spanned! {Span::mixed_site()=>
                let Self #pattern = self;
                #reserved
                #entries
            }
        }
        Shape::Enum { tag, variants } => {
            let arms = variants.iter().map(|variant| {
                let ident = &variant.ident;
                let value = &variant.name;
                let pattern = pattern(&variant.fields);
                let reserved = reserved(target, Some(tag), &variant.fields);
                let entries = entries(target, &variant.fields);
                quote_spanned! {Span::mixed_site()=>
                    Self::#ident #pattern => {
                        #reserved
                        __writer.entry(#tag, #value)?;
                        #entries
                    }
                }
            });
            quote_spanned!(Span::mixed_site()=> match self { #(#arms)* })
        }
    };
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        #allowed
        impl #impl_generics #krate::ToMetadata for #name #ty_generics #where_clause {
            const KEYS: #krate::MetadataKeys = #keys;
            const READ_KEYS: #krate::MetadataKeys = #read_keys;

            fn write_metadata(
                &self,
                __writer: &mut #krate::MetadataWriter,
            ) -> ::core::result::Result<(), #krate::MetadataError> {
                #distinct
                #body
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// What has to hold for type parameters; the other types are asked where they are written, for a clearer error.
fn bounds(target: &Target) -> Vec<TokenStream> {
    let fields = target.shape.fields();
    let generic = fields
        .into_iter()
        .filter(|field| depends_on_parameters(&field.ty, &target.input.generics));
    let bounds = generic.filter_map(|Field { ty, role, .. }| {
        let span = written_at(ty);
        let krate = target.krate_at(span);
        match role {
            Role::Entry(entry) if entry.with.is_none() => {
                Some(quote_spanned!(span=> #ty: #krate::__private::MetadataValue))
            }
            Role::Flattened => Some(quote_spanned!(span=> #ty: #krate::ToMetadata)),
            Role::Entry(_) | Role::Skipped(_) => None,
        }
    });
    bounds.collect()
}

/// Takes apart what is written.
fn pattern(fields: &[Field]) -> TokenStream {
    let bindings = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !matches!(field.role, Role::Skipped(_)));
    let bindings = bindings.map(|(at, field)| {
        let (ident, binding) = (&field.ident, binding(at));
        quote!(#ident: #binding,)
    });
    quote!({ #(#bindings)* .. })
}

/// Before anything is written, for a map may stand before the fields whose keys it must not have.
fn reserved(target: &Target, tag: Option<&str>, fields: &[Field]) -> TokenStream {
    let krate = target.krate;
    let reserve = |keys: TokenStream| quote_spanned!(Span::mixed_site()=> #krate::__private::reserve(__writer, #keys););
    let keys_of = |ty: &Type| quote!(<#ty as #krate::ToMetadata>::READ_KEYS);
    keep_from_maps(target, tag, fields, reserve, keys_of)
}

fn entries(target: &Target, fields: &[Field]) -> TokenStream {
    let krate = target.krate;
    let writer = Ident::new("__writer", Span::mixed_site());
    let statements = fields.iter().enumerate().map(|(at, Field { ty, role, .. })| {
        let mut binding = binding(at);
        match role {
            Role::Skipped(_) => TokenStream::new(),
            Role::Flattened => quote_spanned! {span_of(ty)=>
                <#ty as #krate::ToMetadata>::write_metadata(#binding, #writer)?;
            },
            Role::Entry(entry) => {
                let key = &entry.key;
                if let Some(with) = &entry.with {
                    binding.set_span(span_of(with));
                    quote_spanned! {span_of(with)=>
                        #krate::__private::write_with(
                            #writer,
                            #key,
                            |__serializer| #with::serialize(#binding, __serializer),
                        )?;
                    }
                } else {
                    quote_spanned! {span_of(ty)=>
                        <#ty as #krate::__private::MetadataValue>::write_value(#binding, #writer, #key)?;
                    }
                }
            }
        }
    });
    statements.collect()
}

/// The reference to field `at`.
fn binding(at: usize) -> Ident {
    format_ident!("__field{at}", span = Span::mixed_site())
}
