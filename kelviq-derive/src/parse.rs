//! The items of `#[metadata(…)]`, one at a time; a bad one does not hide the ones after it.

use proc_macro2::{Span, TokenTree};
use quote::quote;
use syn::{
    Attribute, ExprPath, Lit, LitStr, Meta, Path, Result, Token,
    ext::IdentExt,
    meta::ParseNestedMeta,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

use crate::{
    errors::Errors,
    near_miss::{listed, near_miss},
};

/// Where an attribute stands, and what may stand there.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) known: &'static [&'static str],
}

pub(crate) const CONTAINER: Place = Place {
    name: "the struct or enum",
    known: &[
        "rename_all",
        "rename_all_fields",
        "explicit",
        "tag",
        "crate",
    ],
};

pub(crate) const VARIANT: Place = Place {
    name: "a variant",
    known: &["rename", "rename_all", "alias"],
};

pub(crate) const FIELD: Place = Place {
    name: "a field",
    known: &[
        "rename",
        "skip",
        "default",
        "flatten",
        "with",
        "alias",
        "allow_sensitive",
    ],
};

/// Hands each known item of the `#[metadata]` attributes to `take`, by its name. Says whether there is any attribute.
pub(crate) fn each_item(
    attributes: &[Attribute],
    place: &Place,
    errors: &mut Errors,
    mut take: impl FnMut(&str, &ParseNestedMeta) -> Result<()>,
) -> bool {
    let mut seen: Vec<String> = Vec::new();
    let mut any = false;
    for attribute in attributes {
        if !attribute.path().is_ident("metadata") {
            continue;
        }
        any = true;
        if matches!(attribute.meta, Meta::Path(_)) {
            continue;
        }
        let items = attribute.parse_nested_meta(|meta| {
            if let Err(error) = checked(&meta, place, &mut seen).and_then(|name| take(&name, &meta))
            {
                errors.push(error);
                skip_item(meta.input)?;
            }
            Ok(())
        });
        if let Err(error) = items {
            errors.push(error);
        }
    }
    any
}

/// The item's name, if it may stand here and is there for the first time.
fn checked(meta: &ParseNestedMeta, place: &Place, seen: &mut Vec<String>) -> Result<String> {
    let name = meta.path.get_ident().map(|ident| ident.unraw().to_string());
    let Some(name) = name.filter(|name| place.known.contains(&name.as_str())) else {
        return Err(unknown(meta, place));
    };
    if seen.contains(&name) && name != "alias" {
        return Err(at(meta, format!("duplicate attribute `{name}`")));
    }
    seen.push(name.clone());
    Ok(name)
}

fn unknown(meta: &ParseNestedMeta, place: &Place) -> syn::Error {
    let path = &meta.path;
    let name = quote!(#path).to_string().replace(' ', "");
    let known = place.known;
    if let Some(meant) = near_miss(&name, known) {
        return at(
            meta,
            format!("unknown attribute `{name}`; did you mean `{meant}`?"),
        );
    }
    let elsewhere = [CONTAINER, VARIANT, FIELD]
        .into_iter()
        .find(|other| other.known.contains(&name.as_str()));
    match elsewhere {
        Some(other) => at(
            meta,
            format!("`{name}` belongs on {}, not on {}", other.name, place.name),
        ),
        None => at(
            meta,
            format!(
                "unknown attribute `{name}`; {} takes {}",
                place.name,
                listed(known)
            ),
        ),
    }
}

/// An error at the item's name.
pub(crate) fn at(meta: &ParseNestedMeta, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(&meta.path, message)
}

/// Leaves out what is left of an item that was wrong.
fn skip_item(input: ParseStream) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// `name` alone; answers where it stands.
pub(crate) fn flag(meta: &ParseNestedMeta, name: &str) -> Result<Span> {
    if meta.input.is_empty() || meta.input.peek(Token![,]) {
        return Ok(meta.path.span());
    }
    Err(at(meta, format!("`{name}` takes no value")))
}

/// `name = "…"`.
pub(crate) fn string(meta: &ParseNestedMeta, name: &str) -> Result<LitStr> {
    expect_value(meta, name, "\"…\"")?;
    match meta.value()?.parse::<Lit>() {
        Ok(Lit::Str(text)) => Ok(text),
        Ok(other) => Err(syn::Error::new_spanned(
            other,
            format!("expected a string: `{name} = \"…\"`"),
        )),
        Err(error) => Err(syn::Error::new(
            error.span(),
            format!("expected a string: `{name} = \"…\"`"),
        )),
    }
}

/// `name = path::to::it`, or in quotes as serde writes it.
pub(crate) fn path(meta: &ParseNestedMeta, name: &str) -> Result<Path> {
    path_like(meta, name, Path::parse_mod_style)
}

/// `name = path::to::function`, which may have generic arguments.
pub(crate) fn function(meta: &ParseNestedMeta, name: &str) -> Result<ExprPath> {
    path_like(meta, name, ExprPath::parse)
}

fn path_like<T>(
    meta: &ParseNestedMeta,
    name: &str,
    parse: fn(ParseStream) -> Result<T>,
) -> Result<T> {
    let example = match name {
        "crate" => "::some::path",
        "with" => "some::module",
        _ => "some::function",
    };
    expect_value(meta, name, example)?;
    let value = meta.value()?;
    let expected = |span| syn::Error::new(span, format!("expected a path: `{name} = {example}`"));
    if value.peek(LitStr) {
        let quoted: LitStr = value.parse()?;
        return quoted
            .parse_with(parse)
            .map_err(|_| expected(quoted.span()));
    }
    let start = value.span();
    parse(value).map_err(|_| expected(start))
}

fn expect_value(meta: &ParseNestedMeta, name: &str, value: &str) -> Result<()> {
    if meta.input.peek(Token![=]) {
        return Ok(());
    }
    Err(at(
        meta,
        format!("`{name}` needs a value: `{name} = {value}`"),
    ))
}
