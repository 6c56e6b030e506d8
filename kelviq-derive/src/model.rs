//! What the attributes mean together: a struct's fields, or an enum's variants.

use syn::{
    Data, DataEnum, DeriveInput, ExprPath, Fields, Ident, LitStr, Path, Type, ext::IdentExt,
};

use crate::{
    attributes::{Container, OnVariant},
    errors::Errors,
    fields::{self, EMPTY_KEY},
    parse, serde_attributes,
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
    pub(crate) with: Option<Path>,
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
        serde_attributes::refuse_rename_all(&input.attrs, &said, errors);
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
        let tag = container.tag.as_ref().map(LitStr::value);
        if tag.as_deref() == Some("") {
            errors.at(&container.tag, EMPTY_KEY);
        }
        if tag.is_none() {
            errors.at(
                &input.ident,
                "an enum needs `#[metadata(tag = \"…\")]`, the key that says which variant it is; for an enum that is \
                 the value of a field, derive `serde::Serialize` and `serde::Deserialize` instead",
            );
        }
        if data.variants.is_empty() {
            errors.at(
                &input.ident,
                "an enum without variants has no values to send",
            );
            return Self::Wrong;
        }
        let tag = tag.unwrap_or_default();
        let mut variants = Vec::new();
        for variant in &data.variants {
            variants.push(Variant::new(variant, &tag, container, &variants, errors));
        }
        Self::Enum { tag, variants }
    }
}

impl Variant {
    fn new(
        variant: &syn::Variant,
        tag: &str,
        container: &Container,
        before: &[Self],
        errors: &mut Errors,
    ) -> Self {
        let ident = &variant.ident;
        let written = OnVariant::parse(&variant.attrs, errors);
        if !written.marked {
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
        let alias: Vec<String> = written.alias.iter().map(LitStr::value).collect();
        for one in [&name].into_iter().chain(&alias) {
            if let Some(other) = before
                .iter()
                .find(|other| other.name == *one || other.alias.contains(one))
            {
                errors.at(
                    ident,
                    format!(
                        "the variant `{}` is written as `{one}` already; rename one of them",
                        other.ident
                    ),
                );
            }
        }
        let case = written
            .rename_all
            .or(container.rename_all_fields.map(|(case, _)| case));
        let scope = fields::Scope {
            case: case.unwrap_or_default(),
            explicit: container.explicit,
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
