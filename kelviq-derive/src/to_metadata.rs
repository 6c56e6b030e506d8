//! Generating the impl of `ToMetadata`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use crate::{
    generics::{depends_on_parameters, span_of, start_of, where_clause},
    keys,
    lints::allowed_lints,
    model::{Field, Role, Shape, Target},
};

pub(crate) fn expand(target: &Target) -> TokenStream {
    let Target {
        input,
        krate,
        shape,
    } = target;
    let name = &input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = where_clause(&input.generics, &bounds(target));
    let keys = keys::constant(target);
    let allowed_lints = allowed_lints(target.input);
    let assertions = keys::generic_assertions(target);
    let body = match shape {
        Shape::Invalid => TokenStream::new(),
        Shape::Struct { fields, .. } => {
            let pattern = pattern(fields);
            let reserved = reserve(target, None, fields);
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
                let tag_key = keys::key(target, tag);
                let pattern = pattern(&variant.fields);
                let reserved = reserve(target, Some(tag), &variant.fields);
                let entries = entries(target, &variant.fields);
                quote_spanned! {Span::mixed_site()=>
                    Self::#ident #pattern => {
                        #reserved
                        #krate::__private::write_tag(__kelviq_writer, #tag_key, #value)?;
                        #entries
                    }
                }
            });
            quote_spanned!(Span::mixed_site()=> match self { #(#arms)* })
        }
    };
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        #allowed_lints
        impl #impl_generics #krate::ToMetadata for #name #ty_generics #where_clause {
            const KEYS: #krate::MetadataKeys = #keys;

            fn write_metadata(
                &self,
                __kelviq_writer: &mut #krate::MetadataWriter,
            ) -> ::core::result::Result<(), #krate::MetadataError> {
                #assertions
                #body
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// Generates bounds for the types that depend on type parameters. The traits of other types are checked where the fields are
/// written, which gives a clearer error.
fn bounds(target: &Target) -> Vec<TokenStream> {
    let fields = target.shape.fields();
    let generic = fields
        .into_iter()
        .filter(|field| depends_on_parameters(&field.ty, &target.input.generics));
    let bounds = generic.filter_map(|Field { ty, role, .. }| {
        let span = start_of(ty);
        let krate = target.krate_at(span);
        match role {
            Role::Entry(entry) if entry.with.is_none() => {
                Some(quote_spanned!(span=> #ty: #krate::bounds::Serialize))
            }
            Role::Flattened => Some(quote_spanned!(span=> #ty: #krate::ToMetadata)),
            Role::Entry(_) | Role::Skipped(_) => None,
        }
    });
    bounds.collect()
}

/// Generates the pattern that binds the fields to write.
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

/// Generates the calls that prevent flattened maps from writing the keys of fields, or that start a struct without flattened
/// fields. They run before all writes, because a map can precede the fields.
fn reserve(target: &Target, tag: Option<&str>, fields: &[Field]) -> TokenStream {
    let krate = target.krate;
    if !keys::has_flattened(fields) {
        return quote_spanned!(Span::mixed_site()=> #krate::__private::start_struct(__kelviq_writer););
    }
    let call = |keys: TokenStream| quote_spanned!(Span::mixed_site()=> #krate::__private::reserve(__kelviq_writer, #keys););
    let keys_of = |ty: &Type| quote!(<#ty as #krate::ToMetadata>::KEYS);
    keys::reserve(target, tag, fields, call, keys_of)
}

/// Generates the statements that write the fields.
fn entries(target: &Target, fields: &[Field]) -> TokenStream {
    let krate = target.krate;
    let writer = Ident::new("__kelviq_writer", Span::mixed_site());
    let statements = fields
        .iter()
        .enumerate()
        .map(|(at, Field { ty, role, .. })| {
            let mut binding = binding(at);
            match role {
                Role::Skipped(_) => TokenStream::new(),
                Role::Flattened => quote_spanned! {span_of(ty)=>
                    <#ty as #krate::ToMetadata>::write_metadata(#binding, #writer)?;
                },
                Role::Entry(entry) => {
                    let key = keys::key(target, &entry.key);
                    let when_none = if entry.none_is_null {
                        quote!(#krate::__private::WhenNone::Null)
                    } else {
                        quote!(#krate::__private::WhenNone::Omit)
                    };
                    if let Some(with) = &entry.with {
                        binding.set_span(span_of(with));
                        quote_spanned! {span_of(with)=>
                            #krate::__private::write_with(
                                #writer,
                                #key,
                                #when_none,
                                |__kelviq_serializer| #with::serialize(#binding, __kelviq_serializer),
                            )?;
                        }
                    } else {
                        quote_spanned! {span_of(ty)=>
                            <#ty as #krate::bounds::MetadataValue>::write_value(
                                #binding,
                                #writer,
                                #key,
                                #when_none,
                            )?;
                        }
                    }
                }
            }
        });
    statements.collect()
}

/// Returns the name of the reference to field `at`.
fn binding(at: usize) -> Ident {
    format_ident!("__kelviq_field{at}", span = Span::mixed_site())
}
