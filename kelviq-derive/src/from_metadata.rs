//! Generating the impl of `FromMetadata`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use crate::{
    generics::{span_of, where_clause},
    keys,
    lints::allowed_lints,
    model::{Entry, Fallback, Field, Role, Shape, Target, Variant},
    read_bounds,
};

pub(crate) fn expand(target: &Target) -> TokenStream {
    let krate = target.krate;
    let (read, found) = match target.shape {
        Shape::Invalid => return expand_placeholder(target),
        Shape::Struct { fields, default } => (
            value(target, &quote!(Self), fields, default.as_ref()),
            found_in(target, fields),
        ),
        Shape::Enum { tag, variants } => (
            variant(target, tag, variants),
            quote_spanned!(Span::mixed_site()=> __kelviq_reader.has_value(#tag)),
        ),
    };
    let from_json = if target.shape.has_flattened() {
        TokenStream::new()
    } else {
        quote_spanned! {Span::mixed_site()=>
            fn from_json(
                __kelviq_json: &::core::primitive::str,
            ) -> ::core::result::Result<Self, #krate::MetadataError> {
                #krate::__private::read_struct(__kelviq_json)
            }
        }
    };
    implement(
        target,
        &read_bounds::bounds(target),
        &quote_spanned! {Span::mixed_site()=>
            fn read_metadata(
                __kelviq_reader: &mut #krate::MetadataReader<'_>,
            ) -> ::core::result::Result<Self, #krate::MetadataError> {
                #read
            }

            fn found_in(__kelviq_reader: &#krate::MetadataReader<'_>) -> ::core::primitive::bool {
                #found
            }

            #from_json
        },
    )
}

/// Generates an impl that never runs, for a type with errors.
pub(crate) fn expand_placeholder(target: &Target) -> TokenStream {
    let krate = target.krate;
    implement(
        target,
        &[],
        &quote_spanned! {Span::mixed_site()=>
            fn read_metadata(
                _: &mut #krate::MetadataReader<'_>,
            ) -> ::core::result::Result<Self, #krate::MetadataError> {
                ::core::result::Result::Err(#krate::MetadataError::custom("", ""))
            }
        },
    )
}

fn implement(target: &Target, bounds: &[TokenStream], functions: &TokenStream) -> TokenStream {
    let Target { input, krate, .. } = target;
    let name = &input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = where_clause(&input.generics, bounds);
    let allowed_lints = allowed_lints(input);
    quote! {
        #[automatically_derived]
        #allowed_lints
        impl #impl_generics #krate::FromMetadata for #name #ty_generics #where_clause {
            #functions
        }
    }
}

/// Generates the `match` that reads the variant with the name in the tag.
fn variant(target: &Target, tag: &str, variants: &[Variant]) -> TokenStream {
    let krate = target.krate;
    let names = variants
        .iter()
        .map(|Variant { name, alias, .. }| quote!(&[#name #(, #alias)*]));
    let other = variants.iter().position(|variant| variant.is_other);
    let other = other.map_or_else(
        || quote!(::core::option::Option::None),
        |at| quote!(::core::option::Option::Some(#at)),
    );
    let last = variants.len().saturating_sub(1);
    let arms = variants.iter().enumerate().map(|(at, variant)| {
        let ident = &variant.ident;
        let value = value(target, &quote!(Self::#ident), &variant.fields, None);
        if at == last {
            quote!(_ => { #value })
        } else {
            quote!(#at => { #value })
        }
    });
    let tag = keys::key(target, tag);
    quote_spanned! {Span::mixed_site()=>
        match #krate::__private::read_tag(__kelviq_reader, #tag, &[#(#names),*], #other)? { #(#arms)* }
    }
}

/// Generates the value of a struct or variant.
///
/// All keys are excluded from flattened maps before any field is read, so that the order of the fields does not matter.
fn value(
    target: &Target,
    constructor: &TokenStream,
    fields: &[Field],
    default: Option<&Fallback>,
) -> TokenStream {
    let krate = target.krate;
    let default = default.map(|default| {
        let value = fallback_value(target, &quote!(Self), default);
        quote_spanned!(Span::mixed_site()=> let __kelviq_default: Self = #value;)
    });
    let call = |keys: TokenStream| quote_spanned!(Span::mixed_site()=> #krate::__private::exclude_from_rest(__kelviq_reader, #keys););
    let keys_of = |ty: &Type| quote_spanned!(span_of(ty)=> <#ty as #krate::ToMetadata>::KEYS);
    let excluded = keys::reserve(target, None, fields, call, keys_of);
    let read = fields.iter().enumerate().map(|(at, field)| {
        let (binding, ty) = (binding(at), &field.ty);
        let expression = field_value(target, field);
        quote_spanned!(Span::mixed_site()=> let #binding: #ty = #expression;)
    });
    let fields = fields.iter().enumerate().map(|(at, field)| {
        let (ident, binding) = (&field.ident, binding(at));
        quote!(#ident: #binding)
    });
    quote! {
        #excluded
        #default
        #(#read)*
        ::core::result::Result::Ok(#constructor { #(#fields),* })
    }
}

/// Generates the expression that reads a field.
fn field_value(target: &Target, Field { ident, ty, role }: &Field) -> TokenStream {
    let krate = target.krate;
    let span = span_of(ty);
    let reader = Ident::new("__kelviq_reader", Span::mixed_site());
    let fallback_value = |fallback: &Fallback| match fallback {
        Fallback::FieldOfStruct => quote_spanned!(Span::mixed_site()=> __kelviq_default.#ident),
        other => fallback_value(target, &quote!(#ty), other),
    };
    match role {
        Role::Skipped(fallback) => fallback_value(fallback),
        Role::Flattened => quote_spanned! {span=>
            <#ty as #krate::bounds::ReadFlattened<'_, true>>::read_flattened(#reader)?
        },
        Role::Entry(Entry {
            key,
            alias,
            with,
            absent,
            ..
        }) => {
            let keys = [key].into_iter().chain(alias);
            let keys = keys.map(|key| keys::key(target, key));
            let keys = quote!(&[#(#keys),*]);
            let read = match (with, absent) {
                (None, None) => quote_spanned! {span=>
                    <#ty as #krate::bounds::ReadValue<'_>>::required(#reader, #keys)?
                },
                (None, Some(_)) => quote_spanned! {span=>
                    <#ty as #krate::bounds::ReadValue<'_>>::optional(#reader, #keys)?
                },
                (Some(with), _) => {
                    let span = span_of(with);
                    let module = quote!(#with).to_string().replace(' ', "");
                    let read = quote_spanned! {span=>
                        |__kelviq_deserializer| -> ::core::result::Result<#ty, _> {
                            ::core::result::Result::Ok(<_ as #krate::bounds::SameAs<#ty>>::same(#with::deserialize(__kelviq_deserializer)?))
                        }
                    };
                    if absent.is_some() {
                        quote_spanned!(span=> #krate::__private::optional_with(#reader, #keys, #module, #read)?)
                    } else {
                        quote_spanned!(span=> #krate::__private::required_with(#reader, #keys, #module, #read, #read)?)
                    }
                }
            };
            match absent {
                None => read,
                Some(Fallback::Function(function)) => {
                    // A closure with the type of the field, so that an error about another type points at the function.
                    let make = quote_spanned!(span_of(function)=> || -> #ty { #function() });
                    quote!(::core::option::Option::unwrap_or_else(#read, #make))
                }
                Some(fallback) => {
                    let value = fallback_value(fallback);
                    quote_spanned! {Span::mixed_site()=>
                        match #read {
                            ::core::option::Option::Some(__kelviq_value) => __kelviq_value,
                            ::core::option::Option::None => #value,
                        }
                    }
                }
            }
        }
    }
}

/// Generates the default value of a type.
fn fallback_value(target: &Target, ty: &TokenStream, fallback: &Fallback) -> TokenStream {
    let krate = target.krate;
    match fallback {
        Fallback::Function(function) => quote_spanned!(span_of(function)=> #function()),
        Fallback::Default | Fallback::FieldOfStruct => quote_spanned! {span_of(ty)=>
            <#ty as #krate::bounds::ReadDefault<'_>>::read_default()
        },
    }
}

/// Generates the condition for a flattened `Option` of the type to be `Some`.
fn found_in(target: &Target, fields: &[Field]) -> TokenStream {
    let krate = target.krate;
    let tests = fields.iter().flat_map(|Field { ty, role, .. }| match role {
        Role::Skipped(_) => Vec::new(),
        Role::Flattened => vec![quote_spanned! {Span::mixed_site()=>
            <#ty as #krate::bounds::ReadFlattened<'_, true>>::found_in(__kelviq_reader)
        }],
        Role::Entry(Entry { key, alias, .. }) => {
            let keys = [key].into_iter().chain(alias);
            keys.map(|key| quote_spanned!(Span::mixed_site()=> __kelviq_reader.has_value(#key)))
                .collect()
        }
    });
    let tests: Vec<TokenStream> = tests.collect();
    if tests.is_empty() {
        quote!(false)
    } else {
        quote!(#(#tests)||*)
    }
}

/// Returns the name of the variable for field `at`.
fn binding(at: usize) -> Ident {
    format_ident!("__kelviq_field{at}", span = Span::mixed_site())
}
