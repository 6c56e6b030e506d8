//! Parsing the items of `#[metadata(…)]`. An invalid item does not hide errors in those after it.

use proc_macro2::{Span, TokenTree};
use quote::quote;
use syn::{
    Attribute, ExprPath, Ident, Lit, LitStr, Meta, Path, Result, Token,
    ext::IdentExt,
    meta::ParseNestedMeta,
    parse::{Parse, ParseStream},
    spanned::Spanned,
    token::Paren,
};

use crate::{
    attribute_name::{AttributeName, position_of},
    errors::Errors,
    near_miss::{listed, near_miss},
};

/// Calls `parse` with each known item of the `#[metadata]` attributes. Returns `true` if there is a `#[metadata]` attribute,
/// with or without items.
pub(crate) fn each_item<A: AttributeName>(
    attributes: &[Attribute],
    errors: &mut Errors,
    mut parse: impl FnMut(A, &ParseNestedMeta) -> Result<()>,
) -> bool {
    let mut seen: Vec<A> = Vec::new();
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
            let parsed = known_item(&meta, &mut seen)
                .and_then(|name| parse(name, &meta))
                .and_then(|()| expect_comma(meta.input));
            if let Err(error) = parsed {
                errors.push(error);
                skip_item(meta.input)?;
            }
            Ok(())
        });
        if let Err(error) = items {
            // syn names neither the attributes nor a way out.
            let is_literal = error.to_string().starts_with("unexpected literal");
            errors.push(if is_literal {
                let accepted = listed(&A::names());
                let message = format!("expected an attribute; {} accepts {accepted}", A::POSITION);
                syn::Error::new(error.span(), message)
            } else {
                error
            });
        }
    }
    any
}

/// Returns `true` if there is a bare `#[metadata]` attribute.
pub(crate) fn is_confirmed(attributes: &[Attribute]) -> bool {
    let mut bare = attributes
        .iter()
        .filter(|attribute| matches!(attribute.meta, Meta::Path(_)));
    bare.any(|attribute| attribute.path().is_ident("metadata"))
}

/// Returns the name of the item if it is allowed here and not a duplicate.
fn known_item<A: AttributeName>(meta: &ParseNestedMeta, seen: &mut Vec<A>) -> Result<A> {
    let ident = meta.path.get_ident();
    let Some(attribute) = ident.and_then(A::from_ident) else {
        return Err(unknown::<A>(meta));
    };
    if seen.contains(&attribute) && !attribute.is_repeatable() {
        let message = format!("duplicate attribute `{}`", attribute.name());
        return Err(at(meta, message));
    }
    seen.push(attribute);
    Ok(attribute)
}

fn unknown<A: AttributeName>(meta: &ParseNestedMeta) -> syn::Error {
    let path = &meta.path;
    let name = quote!(#path).to_string().replace(' ', "");
    let here = A::POSITION;
    let message = if let Some(meant) = near_miss(&name, &A::names()) {
        format!("unknown attribute `{name}`; did you mean `{meant}`?")
    } else if let Some(position) = path.get_ident().and_then(position_of) {
        format!("`{name}` belongs on {position}, not on {here}")
    } else {
        format!(
            "unknown attribute `{name}`; {here} accepts {}",
            listed(&A::names())
        )
    };
    at(meta, message)
}

/// Creates an error at the name of the item.
fn at(meta: &ParseNestedMeta, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(&meta.path, message)
}

/// Checks that the item ends here.
fn expect_comma(input: ParseStream) -> Result<()> {
    match input.fork().parse::<TokenTree>() {
        Ok(next) if !input.peek(Token![,]) => Err(syn::Error::new(
            next.span(),
            format!("expected a comma before `{next}`"),
        )),
        _ => Ok(()),
    }
}

/// Skips the rest of an invalid item.
fn skip_item(input: ParseStream) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Parses an item without a value and returns its position.
pub(crate) fn flag(meta: &ParseNestedMeta, name: &str) -> Result<Span> {
    let next_item = meta.input.peek(Token![,]) || meta.input.peek(Ident::peek_any);
    if meta.input.is_empty() || next_item {
        return Ok(meta.path.span());
    }
    Err(at(meta, format!("`{name}` takes no value")))
}

/// Parses `name = "…"`.
pub(crate) fn string(meta: &ParseNestedMeta, name: &str) -> Result<LitStr> {
    expect_value(meta, name, "\"…\"")?;
    let expected = format!("expected a string: `{name} = \"…\"`");
    match meta.value()?.parse::<Lit>() {
        Ok(Lit::Str(text)) => Ok(text),
        Ok(other) => Err(syn::Error::new_spanned(other, expected)),
        Err(error) => Err(syn::Error::new(error.span(), expected)),
    }
}

/// Parses `name = some::path`. The path can also be in quotes, as for serde.
pub(crate) fn path(meta: &ParseNestedMeta, name: &str, example: &str) -> Result<Path> {
    path_like(meta, name, example, Path::parse_mod_style)
}

/// Parses `name = some::function`, which can have generic arguments.
pub(crate) fn function(meta: &ParseNestedMeta, name: &str, example: &str) -> Result<ExprPath> {
    path_like(meta, name, example, ExprPath::parse)
}

fn path_like<T>(
    meta: &ParseNestedMeta,
    name: &str,
    example: &str,
    parse: fn(ParseStream) -> Result<T>,
) -> Result<T> {
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

fn expect_value(meta: &ParseNestedMeta, name: &str, example: &str) -> Result<()> {
    if meta.input.peek(Token![=]) {
        return Ok(());
    }
    let message = if meta.input.peek(Paren) && name == "rename" {
        "`rename` is one key for writing and reading: `rename = \"…\"`; to read another key too, add `alias = \"…\"`".to_owned()
    } else {
        format!("`{name}` needs a value: `{name} = {example}`")
    };
    Err(at(meta, message))
}
