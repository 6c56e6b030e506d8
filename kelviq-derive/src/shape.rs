//! Building the model of a struct or enum.

use quote::ToTokens;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, ext::IdentExt};

use crate::{
    attribute_name::VariantAttribute,
    attributes::{ContainerAttributes, Known, VariantAttributes},
    errors::Errors,
    fields::{EMPTY_KEY, FieldParser},
    model::{Shape, Variant},
    sensitive::{looks_sensitive, sensitive},
    serde_attributes,
};

/// Checks a struct or enum and builds its model.
pub(crate) fn parse(
    input: &DeriveInput,
    container: &ContainerAttributes,
    errors: &mut Errors,
) -> Shape {
    if container.attrs_valid() {
        serde_attributes::reject_on_container(input, container, errors);
    }
    match &input.data {
        Data::Struct(data) => parse_struct(input, &data.fields, container, errors),
        Data::Enum(data) => parse_enum(input, data, container, errors),
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "checkout metadata can be a struct or an enum, not a union",
            );
            Shape::Invalid
        }
    }
}

fn parse_struct(
    input: &DeriveInput,
    fields: &Fields,
    container: &ContainerAttributes,
    errors: &mut Errors,
) -> Shape {
    if let Some(tag) = &container.tag {
        errors.at(
            tag,
            "`tag` is only allowed on enums, where it is the key that contains the name of the variant",
        );
    }
    if let Some((_, span)) = container.rename_all_fields {
        errors.push(syn::Error::new(
            span,
            "`rename_all_fields` is only allowed on enums; use `rename_all` on a struct",
        ));
    }
    if let Fields::Unnamed(_) = fields {
        errors.at(
            &input.ident,
            "checkout metadata needs named fields, whose names are the keys; for a newtype that is the value of a field, \
             derive `serde::Serialize` and `serde::Deserialize` instead",
        );
        return Shape::Invalid;
    }
    let parser = FieldParser {
        case: container.rename_all.unwrap_or_default(),
        explicit: container.explicit,
        has_default: container.default.is_some(),
        known: container.known,
        owner: &input.ident,
        tag: None,
    };
    Shape::Struct {
        fields: parser.parse(fields, errors),
        default: container
            .default
            .as_ref()
            .map(|(_, fallback)| fallback.clone()),
    }
}

fn parse_enum(
    input: &DeriveInput,
    data: &DataEnum,
    container: &ContainerAttributes,
    errors: &mut Errors,
) -> Shape {
    if let Some((span, _)) = &container.default {
        errors.push(syn::Error::new(
            *span,
            "`default` is only allowed on structs; on an enum, set it on the fields of the variants",
        ));
    }
    match &container.tag {
        Some(tag) if tag.value().is_empty() => errors.at(tag, EMPTY_KEY),
        Some(tag) if sensitive(&tag.value()) => {
            let reason = looks_sensitive(&tag.value());
            errors.at(tag, format!("{reason}; choose another key"));
        }
        None if container.attrs_valid() => errors.at(
            &input.ident,
            "an enum needs `#[metadata(tag = \"…\")]`, the key that contains the name of the variant; for an enum that is \
             the value of a field, derive `serde::Serialize` and `serde::Deserialize` instead",
        ),
        Some(_) | None => {}
    }
    if data.variants.is_empty() {
        errors.at(
            &input.ident,
            "an enum without variants cannot be checkout metadata, because it has no values",
        );
        return Shape::Invalid;
    }
    let tag = container
        .tag
        .as_ref()
        .map(LitStr::value)
        .unwrap_or_default();
    let mut names = VariantNames::default();
    let variants = data
        .variants
        .iter()
        .map(|variant| parse_variant(&input.ident, variant, &tag, container, &mut names, errors))
        .collect();
    Shape::Enum { tag, variants }
}

fn parse_variant(
    owner: &Ident,
    variant: &syn::Variant,
    tag: &str,
    container: &ContainerAttributes,
    names: &mut VariantNames,
    errors: &mut Errors,
) -> Variant {
    let ident = &variant.ident;
    let errors_before = errors.len();
    let attributes = VariantAttributes::parse(&variant.attrs, errors);
    let attrs_valid = container.attrs_valid() && errors.len() == errors_before;
    if attrs_valid && !attributes.marked {
        serde_attributes::reject::<VariantAttribute>(&variant.attrs, errors);
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
    let name = attributes.rename.as_ref().map_or_else(
        || {
            let case = container.rename_all.unwrap_or_default();
            case.variant(&ident.unraw().to_string())
        },
        LitStr::value,
    );
    if attrs_valid {
        names.add(ident, attributes.rename.as_ref(), &name, errors);
        for alias in &attributes.alias {
            names.add(ident, Some(alias), &alias.value(), errors);
        }
    }
    if let Some(span) = attributes.other {
        if let Some(first) = &names.other {
            let message = format!("the variant `{first}` already has `other`; remove one of them");
            errors.push(syn::Error::new(span, message));
        }
        names.other = Some(ident.clone());
    }
    let alias = attributes.alias.iter().map(LitStr::value).collect();
    let case = attributes
        .rename_all
        .or(container.rename_all_fields.map(|(case, _)| case));
    let parser = FieldParser {
        case: case.unwrap_or_default(),
        explicit: container.explicit,
        has_default: false,
        known: if attrs_valid {
            Known::Everything
        } else {
            container.known.min(Known::WhichAreSent)
        },
        owner,
        tag: Some(tag),
    };
    Variant {
        ident: ident.clone(),
        name,
        alias,
        is_other: attributes.other.is_some(),
        fields: parser.parse(&variant.fields, errors),
    }
}

/// The names and aliases of the variants so far, each with its variant.
#[derive(Default)]
struct VariantNames {
    used: Vec<(String, Ident)>,
    /// The variant with `other`.
    other: Option<Ident>,
}

impl VariantNames {
    /// Adds a name of `variant`, or an error at `literal`, where the name is written, or else at the variant.
    fn add(&mut self, variant: &Ident, literal: Option<&LitStr>, name: &str, errors: &mut Errors) {
        let place = literal.map_or_else(|| variant.to_token_stream(), ToTokens::to_token_stream);
        if name.is_empty() {
            errors.at(place, "the name of a variant cannot be empty");
        } else if let Some((_, other)) = self.used.iter().find(|(used, _)| used == name) {
            let message = if other == variant {
                format!("the variant `{other}` already has the name `{name}`; remove this one")
            } else {
                format!("the variant `{other}` already has the name `{name}`; rename one of them")
            };
            errors.at(place, message);
        } else {
            self.used.push((name.to_owned(), variant.clone()));
        }
    }
}
