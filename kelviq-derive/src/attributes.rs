//! The attributes as written, on a struct or enum, on a variant and on a field.

use proc_macro2::Span;
use syn::{
    Attribute, ExprPath, LitStr, Path, Result, Token, meta::ParseNestedMeta, parse_quote,
    spanned::Spanned,
};

use crate::{
    case::{self, Case},
    errors::Errors,
    model::Fallback,
    near_miss::{listed, near_miss},
    parse::{self, each_item},
};

/// Above the struct or enum.
pub(crate) struct Container {
    pub(crate) krate: Path,
    pub(crate) rename_all: Option<Case>,
    pub(crate) rename_all_fields: Option<(Case, Span)>,
    pub(crate) explicit: bool,
    pub(crate) tag: Option<LitStr>,
    /// Without mistakes. One of them may be what decides over keys, or over which fields are sent.
    pub(crate) understood: bool,
}

impl Container {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut container = Self {
            krate: parse_quote!(::kelviq_core),
            rename_all: None,
            rename_all_fields: None,
            explicit: false,
            tag: None,
            understood: true,
        };
        let before = errors.len();
        each_item(attributes, &parse::CONTAINER, errors, |name, meta| {
            match name {
                "rename_all" => container.rename_all = Some(case(meta, name)?),
                "rename_all_fields" => {
                    container.rename_all_fields = Some((case(meta, name)?, meta.path.span()));
                }
                "tag" => container.tag = Some(parse::string(meta, name)?),
                "crate" => container.krate = absolute(parse::path(meta, name)?)?,
                _ => container.explicit = parse::flag(meta, name).map(|_| true)?,
            }
            Ok(())
        });
        container.understood = errors.len() == before;
        container
    }
}

/// Above a variant.
#[derive(Default)]
pub(crate) struct OnVariant {
    /// Any `#[metadata]`, with items or without.
    pub(crate) marked: bool,
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) alias: Vec<LitStr>,
}

impl OnVariant {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut variant = Self::default();
        let marked = each_item(attributes, &parse::VARIANT, errors, |name, meta| {
            match name {
                "rename" => variant.rename = Some(parse::string(meta, name)?),
                "rename_all" => variant.rename_all = Some(case(meta, name)?),
                _ => variant.alias.push(parse::string(meta, name)?),
            }
            Ok(())
        });
        Self { marked, ..variant }
    }
}

/// Above a field. Spans say where an item stands that may be in conflict with another.
#[derive(Default)]
pub(crate) struct OnField {
    /// Any `#[metadata]`, with items or without.
    pub(crate) marked: bool,
    pub(crate) rename: Option<LitStr>,
    pub(crate) alias: Vec<LitStr>,
    pub(crate) with: Option<ExprPath>,
    pub(crate) default: Option<(Span, Fallback)>,
    pub(crate) skip: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) allow_sensitive: Option<Span>,
}

impl OnField {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut field = Self::default();
        let marked = each_item(attributes, &parse::FIELD, errors, |name, meta| {
            match name {
                "rename" => field.rename = Some(parse::string(meta, name)?),
                "alias" => field.alias.push(parse::string(meta, name)?),
                "with" => field.with = Some(parse::function(meta, name)?),
                "default" => field.default = Some((meta.path.span(), fallback(meta, name)?)),
                "skip" => field.skip = Some(parse::flag(meta, name)?),
                "flatten" => field.flatten = Some(parse::flag(meta, name)?),
                _ => field.allow_sensitive = Some(parse::flag(meta, name)?),
            }
            Ok(())
        });
        Self { marked, ..field }
    }
}

/// `default`, or `default = function`.
fn fallback(meta: &ParseNestedMeta, name: &str) -> Result<Fallback> {
    if meta.input.peek(Token![=]) {
        parse::function(meta, name).map(Fallback::Function)
    } else {
        parse::flag(meta, name).map(|_| Fallback::Default)
    }
}

fn case(meta: &ParseNestedMeta, name: &str) -> Result<Case> {
    let value = parse::string(meta, name)?;
    let text = value.value();
    Case::from_name(&text).ok_or_else(|| {
        let known = case::NAMES.map(|(name, _)| name);
        let message = match near_miss(&text, &known) {
            Some(meant) => format!("unknown case `{text}`; did you mean `{meant}`?"),
            None => format!("unknown case `{text}`; expected one of {}", listed(&known)),
        };
        syn::Error::new(value.span(), message)
    })
}

/// Generated code stands in the user's module, where a relative path could mean anything.
fn absolute(path: Path) -> Result<Path> {
    let from_crate = path
        .segments
        .first()
        .is_some_and(|first| first.ident == "crate" || first.ident == "$crate");
    if path.leading_colon.is_some() || from_crate {
        return Ok(path);
    }
    let names = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string());
    let text = names.collect::<Vec<_>>().join("::");
    let message =
        format!("expected an absolute path: `crate = ::{text}`, or one that starts with `crate::`");
    Err(syn::Error::new_spanned(path, message))
}
