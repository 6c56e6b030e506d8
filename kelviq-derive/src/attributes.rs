//! The parsed `#[metadata(…)]` attributes of a struct or enum, a variant, and a field.

use proc_macro2::Span;
use syn::{
    Attribute, ExprPath, LitStr, Path, Result, Token, meta::ParseNestedMeta, parse_quote,
    spanned::Spanned,
};

use crate::{
    attribute_name::{AttributeName, ContainerAttribute, FieldAttribute, VariantAttribute},
    case::{self, Case},
    errors::Errors,
    generics::start_of,
    items::{each_item, flag, function, is_confirmed, path, string},
    model::Fallback,
    near_miss::{listed, near_miss},
};

/// The attributes of the struct or enum.
pub(crate) struct ContainerAttributes {
    pub(crate) krate: Path,
    pub(crate) rename_all: Option<Case>,
    pub(crate) rename_all_fields: Option<(Case, Span)>,
    pub(crate) explicit: bool,
    pub(crate) default: Option<(Span, Fallback)>,
    pub(crate) tag: Option<LitStr>,
    /// Whether there is a `#[metadata]` attribute without items.
    pub(crate) confirmed: bool,
    pub(crate) known: Known,
}

/// What is known about the fields, although attributes of the struct or enum can be invalid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// An invalid attribute may be a misspelt `explicit`.
    Nothing,
    WhichAreSent,
    /// All attributes are valid.
    Everything,
}

impl ContainerAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut container = Self {
            krate: parse_quote!(::kelviq_core),
            rename_all: None,
            rename_all_fields: None,
            explicit: false,
            default: None,
            tag: None,
            confirmed: is_confirmed(attributes),
            known: Known::Everything,
        };
        let errors_before = errors.len();
        let mut errors_in_values = 0;
        each_item(attributes, errors, |attribute: ContainerAttribute, meta| {
            let parsed = container.set(attribute, meta);
            errors_in_values += usize::from(parsed.is_err());
            parsed
        });
        container.known = match errors.len() - errors_before {
            0 => Known::Everything,
            all if container.explicit || all == errors_in_values => Known::WhichAreSent,
            _ => Known::Nothing,
        };
        container
    }

    fn set(&mut self, attribute: ContainerAttribute, meta: &ParseNestedMeta) -> Result<()> {
        let name = attribute.name();
        match attribute {
            ContainerAttribute::RenameAll => self.rename_all = Some(case(meta, name)?),
            ContainerAttribute::RenameAllFields => {
                self.rename_all_fields = Some((case(meta, name)?, meta.path.span()));
            }
            ContainerAttribute::Explicit => {
                self.explicit = true;
                flag(meta, name)?;
            }
            ContainerAttribute::Default => {
                self.default = Some((meta.path.span(), fallback(meta, name)?));
            }
            ContainerAttribute::Tag => self.tag = Some(string(meta, name)?),
            ContainerAttribute::Crate => {
                self.krate = absolute(path(meta, name, "::some::path")?)?;
            }
        }
        Ok(())
    }

    pub(crate) fn attrs_valid(&self) -> bool {
        self.known == Known::Everything
    }

    /// Returns `true` if the attribute is present. `crate` is optional for metadata and has another meaning in serde.
    pub(crate) fn is_set(&self, attribute: ContainerAttribute) -> bool {
        match attribute {
            ContainerAttribute::RenameAll => self.rename_all.is_some(),
            ContainerAttribute::RenameAllFields => self.rename_all_fields.is_some(),
            ContainerAttribute::Default => self.default.is_some(),
            ContainerAttribute::Tag => self.tag.is_some(),
            ContainerAttribute::Explicit | ContainerAttribute::Crate => false,
        }
    }
}

/// The attributes of a variant.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    /// Whether there is a `#[metadata]` attribute, with or without items.
    pub(crate) marked: bool,
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) alias: Vec<LitStr>,
    /// Whether the variant is read if the tag is the name of no variant.
    pub(crate) other: Option<Span>,
}

impl VariantAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut variant = Self::default();
        let marked = each_item(attributes, errors, |attribute: VariantAttribute, meta| {
            let name = attribute.name();
            match attribute {
                VariantAttribute::Rename => variant.rename = Some(string(meta, name)?),
                VariantAttribute::RenameAll => variant.rename_all = Some(case(meta, name)?),
                VariantAttribute::Alias => variant.alias.push(string(meta, name)?),
                VariantAttribute::Other => variant.other = Some(flag(meta, name)?),
            }
            Ok(())
        });
        Self { marked, ..variant }
    }
}

/// The attributes of a field, with the spans that errors about conflicts need.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    /// Whether there is a `#[metadata]` attribute, with or without items.
    pub(crate) marked: bool,
    pub(crate) rename: Option<LitStr>,
    pub(crate) alias: Vec<LitStr>,
    pub(crate) with: Option<ExprPath>,
    pub(crate) default: Option<(Span, Fallback)>,
    pub(crate) skip: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) allow_sensitive: Option<Span>,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut field = Self::default();
        let marked = each_item(attributes, errors, |attribute: FieldAttribute, meta| {
            let name = attribute.name();
            match attribute {
                FieldAttribute::Rename => field.rename = Some(string(meta, name)?),
                FieldAttribute::Alias => field.alias.push(string(meta, name)?),
                FieldAttribute::With => field.with = Some(function(meta, name, "some::module")?),
                FieldAttribute::Default => {
                    field.default = Some((meta.path.span(), fallback(meta, name)?));
                }
                FieldAttribute::Skip => field.skip = Some(flag(meta, name)?),
                FieldAttribute::Flatten => field.flatten = Some(flag(meta, name)?),
                FieldAttribute::AllowSensitive => field.allow_sensitive = Some(flag(meta, name)?),
            }
            Ok(())
        });
        Self { marked, ..field }
    }

    /// Returns the span of an attribute if it is present.
    pub(crate) fn span(&self, attribute: FieldAttribute) -> Option<Span> {
        match attribute {
            FieldAttribute::Rename => self.rename.as_ref().map(LitStr::span),
            FieldAttribute::Alias => self.alias.first().map(LitStr::span),
            FieldAttribute::With => self.with.as_ref().map(start_of),
            FieldAttribute::Default => self.default.as_ref().map(|(span, _)| *span),
            FieldAttribute::Skip => self.skip,
            FieldAttribute::Flatten => self.flatten,
            FieldAttribute::AllowSensitive => self.allow_sensitive,
        }
    }
}

/// Parses `default`, or `default = some::function`.
fn fallback(meta: &ParseNestedMeta, name: &str) -> Result<Fallback> {
    if meta.input.peek(Token![=]) {
        function(meta, name, "some::function").map(Fallback::Function)
    } else {
        flag(meta, name).map(|_| Fallback::Default)
    }
}

fn case(meta: &ParseNestedMeta, name: &str) -> Result<Case> {
    let value = string(meta, name)?;
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

/// Checks that a path is absolute. In the user's module, where the generated code is, a relative path is ambiguous.
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
    let message = format!(
        "expected an absolute path: `crate = ::{text}`, or a path that starts with `crate::`"
    );
    Err(syn::Error::new_spanned(path, message))
}
