//! `ToMetadata::KEYS`, and the check that no two fields write one key.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::{
    expand::Target,
    generics::{depends_on_parameters, span_of, with_static_lifetimes, written_at},
    model::{Field, Role, Shape},
};

/// The constant, as a tree: the keys of a flattened type may depend on a type parameter.
pub(crate) fn expression(target: &Target) -> TokenStream {
    let krate = target.krate;
    match target.shape {
        Shape::Wrong => quote!(#krate::MetadataKeys::DYNAMIC),
        Shape::Struct(fields) => all(target, parts(target, fields)),
        Shape::Enum { tag, variants } => {
            let variants = variants
                .iter()
                .map(|variant| all(target, parts(target, &variant.fields)));
            quote! {
                #krate::MetadataKeys::all(const { &[
                    #krate::MetadataKeys::new(&[#tag]),
                    #krate::MetadataKeys::either(const { &[#(#variants),*] }),
                ] })
            }
        }
    }
}

fn all(target: &Target, mut parts: Vec<TokenStream>) -> TokenStream {
    let krate = target.krate;
    if parts.len() == 1 {
        return parts.remove(0);
    }
    quote!(#krate::MetadataKeys::all(const { &[#(#parts),*] }))
}

/// The keys in order, those between two flattened fields in one part.
fn parts(target: &Target, fields: &[Field]) -> Vec<TokenStream> {
    let krate = target.krate;
    let mut parts = Vec::new();
    let mut own: Vec<&str> = Vec::new();
    for field in fields {
        match &field.role {
            Role::Entry(entry) => own.push(&entry.key),
            Role::Flattened => {
                if !own.is_empty() {
                    parts.push(quote!(#krate::MetadataKeys::new(&[#(#own),*])));
                    own.clear();
                }
                parts.push(flattened(target, &field.ty));
            }
            Role::Skipped(_) => {}
        }
    }
    if !own.is_empty() || parts.is_empty() {
        parts.push(quote!(#krate::MetadataKeys::new(&[#(#own),*])));
    }
    parts
}

fn flattened(target: &Target, ty: impl quote::ToTokens) -> TokenStream {
    let krate = target.krate;
    quote_spanned!(span_of(&ty)=> <#ty as #krate::ToMetadata>::KEYS)
}

/// The assertions that need no type parameter; they fail as early as `cargo check`.
pub(crate) fn distinct(target: &Target) -> TokenStream {
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| !pair.depends_on_parameters(target))
        .map(|pair| pair.assertion(target, |ty| with_static_lifetimes(quote!(#ty))));
    quote!(#(const _: () = #assertions;)*)
}

/// The assertions that have to wait until the type parameters are known.
pub(crate) fn distinct_later(target: &Target) -> TokenStream {
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| pair.depends_on_parameters(target))
        .map(|pair| pair.assertion(target, |ty| quote!(#ty)));
    quote!(#(const { #assertions };)*)
}

/// A flattened field, and what is written beside it. (Two plain fields of one key are found without any type.)
struct Pair<'a> {
    flattened: &'a Field,
    other: Other<'a>,
}

enum Other<'a> {
    Own(Vec<&'a str>),
    Flattened(&'a Type),
}

fn pairs<'a>(target: &Target<'a>) -> Vec<Pair<'a>> {
    match target.shape {
        Shape::Wrong => Vec::new(),
        Shape::Struct(fields) => pairs_of(None, fields),
        Shape::Enum { tag, variants } => variants
            .iter()
            .flat_map(|variant| pairs_of(Some(tag), &variant.fields))
            .collect(),
    }
}

fn pairs_of<'a>(tag: Option<&'a str>, fields: &'a [Field]) -> Vec<Pair<'a>> {
    let entries = fields.iter().filter_map(|field| match &field.role {
        Role::Entry(entry) => Some(entry.key.as_str()),
        Role::Flattened | Role::Skipped(_) => None,
    });
    let own: Vec<&str> = tag.into_iter().chain(entries).collect();
    let all: Vec<&Field> = fields
        .iter()
        .filter(|field| matches!(field.role, Role::Flattened))
        .collect();
    let mut pairs = Vec::new();
    for (at, flattened) in all.iter().enumerate() {
        pairs.push(Pair {
            flattened,
            other: Other::Own(own.clone()),
        });
        pairs.extend(all[..at].iter().map(|before| Pair {
            flattened,
            other: Other::Flattened(&before.ty),
        }));
    }
    pairs
}

impl Pair<'_> {
    fn depends_on_parameters(&self, target: &Target) -> bool {
        let depends = |ty: &Type| depends_on_parameters(ty, &target.input.generics);
        depends(&self.flattened.ty) || matches!(&self.other, Other::Flattened(ty) if depends(ty))
    }

    fn assertion(&self, target: &Target, write: impl Fn(&Type) -> TokenStream) -> TokenStream {
        let span = written_at(&self.flattened.ty);
        let krate = target.krate_at(span);
        let owner = target.input.ident.to_string();
        let name = self.flattened.ident.to_string();
        let keys = flattened(target, write(&self.flattened.ty));
        let other = match &self.other {
            Other::Own(own) => quote!(#krate::MetadataKeys::new(&[#(#own),*])),
            Other::Flattened(ty) => flattened(target, write(ty)),
        };
        quote_spanned! {span=>
            #krate::__private::assert_distinct(#owner, #name, #keys, #other)
        }
    }
}
