//! What the attributes mean together: a struct's fields, or an enum's variants.

use quote::ToTokens;
use syn::{Data, DataEnum, DeriveInput, ExprPath, Fields, Ident, LitStr, Type, ext::IdentExt};

use crate::{
    attributes::{Container, OnVariant},
    errors::Errors,
    fields::{self, EMPTY_KEY},
    parse,
    sensitive::{looks_sensitive, sensitive},
    serde_attributes,
};

/// What the derive stands on. What was wrong in it is left out.
pub(crate) enum Shape {
    Struct(Vec<Field>),
    Enum {
        tag: String,
        variants: Vec<Variant>,
    },
    /// Something without fields to speak of.
    Wrong,
}

/// A variant: what the tag says for it, and its fields.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) alias: Vec<String>,
    pub(crate) fields: Vec<Field>,
}

impl Shape {
    /// Every field, of all variants.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Struct(fields) => fields.iter().collect(),
            Self::Enum { variants, .. } => variants
                .iter()
                .flat_map(|variant| &variant.fields)
                .collect(),
            Self::Wrong => Vec::new(),
        }
    }
}

/// A field and what becomes of it.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
}

pub(crate) enum Role {
    /// One key and its value.
    Entry(Entry),
    /// The entries of another type.
    Flattened,
    /// Never in the metadata.
    Skipped(Fallback),
}

pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) alias: Vec<String>,
    pub(crate) with: Option<ExprPath>,
    /// What an absent key reads as; without it the key has to be there.
    pub(crate) absent: Option<Fallback>,
}

/// What makes the value that is not in the metadata.
pub(crate) enum Fallback {
    Default,
    Function(ExprPath),
}

impl Shape {
    pub(crate) fn new(input: &DeriveInput, container: &Container, errors: &mut Errors) -> Self {
        let said = [
            ("rename_all", container.rename_all.is_some()),
            ("rename_all_fields", container.rename_all_fields.is_some()),
        ];
        if container.understood {
            serde_attributes::refuse_rename_all(&input.attrs, &said, errors);
        }
        match &input.data {
            Data::Struct(data) => Self::of_struct(input, &data.fields, container, errors),
            Data::Enum(data) => Self::of_enum(input, data, container, errors),
            Data::Union(data) => {
                errors.at(
                    data.union_token,
                    "checkout metadata is a struct or an enum, not a union",
                );
                Self::Wrong
            }
        }
    }

    fn of_struct(
        input: &DeriveInput,
        fields: &Fields,
        container: &Container,
        errors: &mut Errors,
    ) -> Self {
        if let Some(tag) = &container.tag {
            errors.at(
                tag,
                "`tag` is for enums, where it is the key that says which variant it is",
            );
        }
        if let Some((_, span)) = container.rename_all_fields {
            errors.push(syn::Error::new(
                span,
                "`rename_all_fields` is for enums; a struct takes `rename_all`",
            ));
        }
        if let Fields::Unnamed(_) = fields {
            errors.at(
                &input.ident,
                "checkout metadata needs named fields, whose names are the keys; for a newtype that is the value of a \
                 field, derive `serde::Serialize` and `serde::Deserialize` instead",
            );
            return Self::Wrong;
        }
        let case = container.rename_all.unwrap_or_default();
        let scope = fields::Scope {
            case,
            explicit: container.explicit,
            understood: container.understood,
            tag: None,
        };
        Self::Struct(scope.fields(fields, errors))
    }

    fn of_enum(
        input: &DeriveInput,
        data: &DataEnum,
        container: &Container,
        errors: &mut Errors,
    ) -> Self {
        match &container.tag {
            Some(tag) if tag.value().is_empty() => errors.at(tag, EMPTY_KEY),
            Some(tag) if sensitive(&tag.value()) => {
                errors.at(tag, format!("{}; choose another one", looks_sensitive(&tag.value())));
            }
            None if container.understood => errors.at(
                &input.ident,
                "an enum needs `#[metadata(tag = \"…\")]`, the key that says which variant it is; for an enum that is \
                 the value of a field, derive `serde::Serialize` and `serde::Deserialize` instead",
            ),
            Some(_) | None => {}
        }
        if data.variants.is_empty() {
            errors.at(
                &input.ident,
                "an enum without variants has no values to send",
            );
            return Self::Wrong;
        }
        let tag = container
            .tag
            .as_ref()
            .map(LitStr::value)
            .unwrap_or_default();
        let mut names = Names::default();
        let variants = data.variants.iter();
        let variants = variants
            .map(|variant| Variant::new(variant, &tag, container, &mut names, errors))
            .collect();
        Self::Enum { tag, variants }
    }
}

impl Variant {
    fn new(
        variant: &syn::Variant,
        tag: &str,
        container: &Container,
        names: &mut Names,
        errors: &mut Errors,
    ) -> Self {
        let ident = &variant.ident;
        let before = errors.len();
        let written = OnVariant::parse(&variant.attrs, errors);
        let understood = container.understood && errors.len() == before;
        if understood && !written.marked {
            serde_attributes::refuse(&variant.attrs, &parse::VARIANT, errors);
        }
        if let Fields::Unnamed(_) = variant.fields {
            errors.at(
                variant,
                format!(
                    "checkout metadata needs named fields, whose names are the keys; \
                     `{ident} {{ #[metadata(flatten)] name: Type }}` has the keys of `Type`"
                ),
            );
        }
        let name = written.rename.as_ref().map_or_else(
            || {
                container
                    .rename_all
                    .unwrap_or_default()
                    .variant(&ident.unraw().to_string())
            },
            LitStr::value,
        );
        if understood {
            names.claim(ident, written.rename.as_ref(), &name, errors);
            for alias in &written.alias {
                names.claim(ident, Some(alias), &alias.value(), errors);
            }
        }
        let alias = written.alias.iter().map(LitStr::value).collect();
        let case = written
            .rename_all
            .or(container.rename_all_fields.map(|(case, _)| case));
        let scope = fields::Scope {
            case: case.unwrap_or_default(),
            explicit: container.explicit,
            understood,
            tag: Some(tag),
        };
        let fields = scope.fields(&variant.fields, errors);
        Self {
            ident: ident.clone(),
            name,
            alias,
            fields,
        }
    }
}

/// The names that the variants have taken, each with its variant.
#[derive(Default)]
struct Names {
    taken: Vec<(String, Ident)>,
}

impl Names {
    /// Takes `name` for a variant; the error is shown where the name is written.
    fn claim(
        &mut self,
        variant: &Ident,
        written: Option<&LitStr>,
        name: &str,
        errors: &mut Errors,
    ) {
        let place = written.map_or_else(|| variant.to_token_stream(), ToTokens::to_token_stream);
        if name.is_empty() {
            errors.at(place, "the name of a variant cannot be empty");
        } else if let Some((_, other)) = self.taken.iter().find(|(taken, _)| taken == name) {
            let message = if other == variant {
                format!("the variant `{other}` is read from `{name}` already; leave this one out")
            } else {
                format!("the variant `{other}` is written as `{name}` already; rename one of them")
            };
            errors.at(place, message);
        } else {
            self.taken.push((name.to_owned(), variant.clone()));
        }
    }
}
