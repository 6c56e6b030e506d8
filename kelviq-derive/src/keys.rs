//! `ToMetadata::KEYS`, and the assertions that no two fields have the same key.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Type};

use crate::{
    generics::{depends_on_parameters, mentions_self, span_of, start_of, with_static_lifetimes},
    lints::allowed_lints,
    model::{Field, Role, Shape, Target},
};

/// Generates the value of `ToMetadata::KEYS`.
///
/// It is a tree, because the keys of a flattened type may depend on a type parameter.
pub(crate) fn constant(target: &Target) -> TokenStream {
    let krate = target.krate;
    match target.shape {
        Shape::Invalid => quote!(#krate::MetadataKeys::DYNAMIC),
        Shape::Struct { fields, .. } => combined(target, parts(target, fields)),
        Shape::Enum { tag, variants } => {
            let tag = quote!(#krate::__private::keys(&[#tag]));
            let variants = variants
                .iter()
                .map(|variant| combined(target, parts(target, &variant.fields)));
            combined(target, [tag].into_iter().chain(variants).collect())
        }
    }
}

fn combined(target: &Target, mut parts: Vec<TokenStream>) -> TokenStream {
    let krate = target.krate;
    if parts.len() == 1 {
        return parts.remove(0);
    }
    quote!(#krate::__private::combined(const { &[#(#parts),*] }))
}

/// Generates the keys in order. Consecutive fields with a key share one part.
fn parts(target: &Target, fields: &[Field]) -> Vec<TokenStream> {
    let krate = target.krate;
    let mut parts = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    let mut aliases: Vec<&str> = Vec::new();
    for field in fields {
        match &field.role {
            Role::Entry(entry) => {
                keys.push(&entry.key);
                aliases.extend(entry.alias.iter().map(String::as_str));
            }
            Role::Flattened => {
                if !keys.is_empty() {
                    parts.push(quote!(#krate::__private::keys(&[#(#keys),*])));
                    keys.clear();
                }
                parts.push(keys_of_type(target, &field.ty));
            }
            Role::Skipped(_) => {}
        }
    }
    if !keys.is_empty() || parts.is_empty() {
        parts.push(quote!(#krate::__private::keys(&[#(#keys),*])));
    }
    if !aliases.is_empty() {
        parts.push(quote!(#krate::__private::aliases(&[#(#aliases),*])));
    }
    parts
}

/// Generates a key.
pub(crate) fn key(target: &Target, name: &str) -> TokenStream {
    let krate = target.krate;
    quote!(const { #krate::__private::FieldKey::new(#name) })
}

/// Generates the keys of a type.
pub(crate) fn keys_of_type(target: &Target, ty: impl ToTokens) -> TokenStream {
    let krate = target.krate;
    quote_spanned!(span_of(&ty)=> <#ty as #krate::ToMetadata>::KEYS)
}

/// Returns the key and the aliases of a field, or nothing if the field has no key.
fn keys_and_aliases(field: &Field) -> Vec<&str> {
    match &field.role {
        Role::Entry(entry) => [&entry.key]
            .into_iter()
            .chain(&entry.alias)
            .map(String::as_str)
            .collect(),
        Role::Flattened | Role::Skipped(_) => Vec::new(),
    }
}

fn flattened_fields(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.is_flattened())
}

pub(crate) fn has_flattened(fields: &[Field]) -> bool {
    flattened_fields(fields).next().is_some()
}

/// Generates calls that reserve the keys of `fields`, so that a flattened map cannot contain them. Generates nothing if no
/// field is flattened.
///
/// `call` generates a call with the given keys, and `keys_of` the keys of a flattened type.
pub(crate) fn reserve(
    target: &Target,
    tag: Option<&str>,
    fields: &[Field],
    call: impl Fn(TokenStream) -> TokenStream,
    keys_of: impl Fn(&Type) -> TokenStream,
) -> TokenStream {
    let krate = target.krate;
    if !has_flattened(fields) {
        return TokenStream::new();
    }
    let keys = tag
        .into_iter()
        .chain(fields.iter().flat_map(keys_and_aliases));
    let own = call(quote!(#krate::__private::keys(&[#(#keys),*])));
    let flattened = flattened_fields(fields).map(|field| call(keys_of(&field.ty)));
    quote!(#own #(#flattened)*)
}

/// Generates the assertions that need no type parameter. They already fail in `cargo check`.
pub(crate) fn assertions(target: &Target) -> TokenStream {
    let generics = &target.input.generics;
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| !pair.is_generic(target))
        .map(|pair| pair.assertion(target, |ty| with_static_lifetimes(quote!(#ty), generics)));
    let allowed_lints = allowed_lints(target.input);
    quote!(#(#allowed_lints const _: () = #assertions;)*)
}

/// Generates the assertions that depend on a type parameter. They fail when the type is used.
pub(crate) fn generic_assertions(target: &Target) -> TokenStream {
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| pair.is_generic(target))
        .map(|pair| pair.assertion(target, |ty| quote!(#ty)));
    quote!(#(const { #assertions };)*)
}

/// A flattened field, and the fields and tag that must not have any of its keys. Fields that are not flattened are compared
/// with each other when the model is built.
struct Pair<'a> {
    flattened: &'a Field,
    other: Other<'a>,
}

enum Other<'a> {
    /// The tag, and the fields that have a key.
    Keys(Option<&'a str>, &'a [Field]),
    Flattened(&'a Field),
}

fn pairs<'a>(target: &Target<'a>) -> Vec<Pair<'a>> {
    match target.shape {
        Shape::Invalid => Vec::new(),
        Shape::Struct { fields, .. } => pairs_of(None, fields),
        Shape::Enum { tag, variants } => variants
            .iter()
            .flat_map(|variant| pairs_of(Some(tag), &variant.fields))
            .collect(),
    }
}

fn pairs_of<'a>(tag: Option<&'a str>, fields: &'a [Field]) -> Vec<Pair<'a>> {
    let all: Vec<&Field> = flattened_fields(fields).collect();
    let mut pairs = Vec::new();
    for (at, flattened) in all.iter().enumerate() {
        pairs.push(Pair {
            flattened,
            other: Other::Keys(tag, fields),
        });
        pairs.extend(all[..at].iter().map(|before| Pair {
            flattened,
            other: Other::Flattened(before),
        }));
    }
    pairs
}

impl Pair<'_> {
    /// Returns `true` if the keys are known only where the type is used.
    fn is_generic(&self, target: &Target) -> bool {
        let is_generic = |field: &Field| {
            depends_on_parameters(&field.ty, &target.input.generics) || mentions_self(&field.ty)
        };
        is_generic(self.flattened)
            || matches!(&self.other, Other::Flattened(field) if is_generic(field))
    }

    fn assertion(&self, target: &Target, write_type: impl Fn(&Type) -> TokenStream) -> TokenStream {
        let span = start_of(&self.flattened.ty);
        let krate = target.krate_at(span);
        let owner = target.input.ident.to_string();
        let name = self.flattened.ident.to_string();
        let keys_of = |field: &Field| keys_of_type(target, write_type(&field.ty));
        let keys = keys_of(self.flattened);
        let others = match &self.other {
            Other::Keys(tag, fields) => {
                let tag =
                    tag.map(|tag| quote!(("the enum's `tag`", #krate::__private::keys(&[#tag]))));
                let fields = fields.iter().filter_map(|field| {
                    let (keys, name) = (keys_and_aliases(field), field_in_words(&field.ident));
                    let keys = (!keys.is_empty()).then_some(keys)?;
                    Some(quote!((#name, #krate::__private::keys(&[#(#keys),*]))))
                });
                tag.into_iter().chain(fields).collect()
            }
            Other::Flattened(field) => {
                let (keys, name) = (keys_of(field), field_in_words(&field.ident));
                vec![quote!((#name, #keys))]
            }
        };
        quote_spanned! {span=>
            #krate::__private::assert_distinct(#owner, #name, #keys, &[#(#others),*])
        }
    }
}

fn field_in_words(ident: &Ident) -> String {
    format!("the field `{ident}`")
}
