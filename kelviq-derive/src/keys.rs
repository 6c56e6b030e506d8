//! `ToMetadata::KEYS`, and the check that no two fields have one key.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Ident, Type};

use crate::{
    expand::{Target, allowed},
    generics::{depends_on_parameters, mentions_self, span_of, with_static_lifetimes, written_at},
    model::{Field, Role, Shape},
};

/// Which keys.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// Those that are written.
    Written,
    /// Those that are read: aliases, too.
    Read,
}

impl Side {
    fn own(self, field: &Field) -> Vec<&str> {
        let Role::Entry(entry) = &field.role else {
            return Vec::new();
        };
        let aliases = entry.alias.iter().filter(|_| matches!(self, Self::Read));
        let keys = [&entry.key].into_iter().chain(aliases);
        keys.map(String::as_str).collect()
    }

    fn constant(self) -> TokenStream {
        match self {
            Self::Written => quote!(KEYS),
            Self::Read => quote!(READ_KEYS),
        }
    }
}

/// The constant, as a tree: the keys of a flattened type may depend on a type parameter.
pub(crate) fn expression(target: &Target, side: Side) -> TokenStream {
    let krate = target.krate;
    match target.shape {
        Shape::Wrong => quote!(#krate::MetadataKeys::DYNAMIC),
        Shape::Struct(fields) => all(target, parts(target, side, fields)),
        Shape::Enum { tag, variants } => {
            let variants = variants
                .iter()
                .map(|variant| all(target, parts(target, side, &variant.fields)));
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
fn parts(target: &Target, side: Side, fields: &[Field]) -> Vec<TokenStream> {
    let krate = target.krate;
    let mut parts = Vec::new();
    let mut own: Vec<&str> = Vec::new();
    for field in fields {
        own.extend(side.own(field));
        if matches!(field.role, Role::Flattened) {
            if !own.is_empty() {
                parts.push(quote!(#krate::MetadataKeys::new(&[#(#own),*])));
                own.clear();
            }
            parts.push(flattened(target, side, &field.ty));
        }
    }
    if !own.is_empty() || parts.is_empty() {
        parts.push(quote!(#krate::MetadataKeys::new(&[#(#own),*])));
    }
    parts
}

fn flattened(target: &Target, side: Side, ty: impl quote::ToTokens) -> TokenStream {
    let (krate, constant) = (target.krate, side.constant());
    quote_spanned!(span_of(&ty)=> <#ty as #krate::ToMetadata>::#constant)
}

/// The keys of these fields, each set given to a function of `__private`; nothing where no field is flattened, for then
/// no map can have one of them.
pub(crate) fn keep_from_maps(
    target: &Target,
    tag: Option<&str>,
    fields: &[Field],
    call: impl Fn(TokenStream) -> TokenStream,
    keys_of: impl Fn(&Type) -> TokenStream,
) -> TokenStream {
    let krate = target.krate;
    let all = || {
        fields
            .iter()
            .filter(|field| matches!(field.role, Role::Flattened))
    };
    if all().next().is_none() {
        return TokenStream::new();
    }
    let fields = fields.iter().flat_map(|field| Side::Read.own(field));
    let own = tag.into_iter().chain(fields);
    let own = call(quote!(#krate::MetadataKeys::new(&[#(#own),*])));
    let flattened = all().map(|field| call(keys_of(&field.ty)));
    quote!(#own #(#flattened)*)
}

/// The assertions that need no type parameter; they fail as early as `cargo check`.
pub(crate) fn distinct(target: &Target) -> TokenStream {
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| !pair.is_open(target))
        .map(|pair| {
            let lifetimes = &target.input.generics;
            pair.assertion(target, |ty| with_static_lifetimes(quote!(#ty), lifetimes))
        });
    let allowed = allowed();
    quote!(#(#allowed const _: () = #assertions;)*)
}

/// The assertions that have to wait until the type parameters are known.
pub(crate) fn distinct_later(target: &Target) -> TokenStream {
    let assertions = pairs(target)
        .into_iter()
        .filter(|pair| pair.is_open(target))
        .map(|pair| pair.assertion(target, |ty| quote!(#ty)));
    quote!(#(const { #assertions };)*)
}

/// A flattened field, and what is beside it. (Two plain fields of one key are found without any type.)
struct Pair<'a> {
    flattened: &'a Field,
    other: Other<'a>,
}

enum Other<'a> {
    /// The tag, and the fields that have keys of their own.
    Own(Option<&'a str>, &'a [Field]),
    Flattened(&'a Field),
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
    let all: Vec<&Field> = fields
        .iter()
        .filter(|field| matches!(field.role, Role::Flattened))
        .collect();
    let mut pairs = Vec::new();
    for (at, flattened) in all.iter().enumerate() {
        pairs.push(Pair {
            flattened,
            other: Other::Own(tag, fields),
        });
        pairs.extend(all[..at].iter().map(|before| Pair {
            flattened,
            other: Other::Flattened(before),
        }));
    }
    pairs
}

impl Pair<'_> {
    /// Whether the keys are known only where the type is used.
    fn is_open(&self, target: &Target) -> bool {
        let open = |field: &Field| {
            depends_on_parameters(&field.ty, &target.input.generics) || mentions_self(&field.ty)
        };
        open(self.flattened) || matches!(&self.other, Other::Flattened(field) if open(field))
    }

    fn assertion(&self, target: &Target, write: impl Fn(&Type) -> TokenStream) -> TokenStream {
        let span = written_at(&self.flattened.ty);
        let krate = target.krate_at(span);
        let owner = target.input.ident.to_string();
        let name = self.flattened.ident.to_string();
        let keys_of = |field: &Field| flattened(target, Side::Read, write(&field.ty));
        let keys = keys_of(self.flattened);
        let others = match &self.other {
            Other::Own(tag, fields) => {
                let tag =
                    tag.map(|tag| quote!(("the enum's `tag`", #krate::MetadataKeys::new(&[#tag]))));
                let fields = fields.iter().filter_map(|field| {
                    let (own, name) = (Side::Read.own(field), the_field(&field.ident));
                    let own = (!own.is_empty()).then_some(own)?;
                    Some(quote!((#name, #krate::MetadataKeys::new(&[#(#own),*]))))
                });
                tag.into_iter().chain(fields).collect()
            }
            Other::Flattened(field) => {
                let (keys, name) = (keys_of(field), the_field(&field.ident));
                vec![quote!((#name, #keys))]
            }
        };
        quote_spanned! {span=>
            #krate::__private::assert_distinct(#owner, #name, #keys, &[#(#others),*])
        }
    }
}

fn the_field(ident: &Ident) -> String {
    format!("the field `{ident}`")
}
