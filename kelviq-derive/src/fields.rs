//! Building the model of fields.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Fields, Ident, LitStr, Type, ext::IdentExt};

use crate::{
    attribute_name::{AttributeName, FieldAttribute},
    attributes::{FieldAttributes, Known},
    case::Case,
    errors::Errors,
    generics::{contains_secret, contains_self, is_option},
    model::{Entry, Fallback, Field, Role},
    sensitive::{looks_sensitive, sensitive},
    serde_attributes,
};

pub(crate) const EMPTY_KEY: &str = "a metadata key cannot be empty";

/// The settings that apply to all fields of a struct or of a variant.
pub(crate) struct FieldParser<'a> {
    pub(crate) case: Case,
    pub(crate) explicit: bool,
    /// Whether the struct has a default, whose fields are used for absent fields.
    pub(crate) has_default: bool,
    /// What is known from the attributes of the struct, enum and variant.
    pub(crate) known: Known,
    /// The name of the struct or enum.
    pub(crate) owner: &'a Ident,
    /// The key of an enum's tag.
    pub(crate) tag: Option<&'a str>,
}

impl FieldParser<'_> {
    /// Checks the fields and builds their models.
    pub(crate) fn parse(&self, fields: &Fields, errors: &mut Errors) -> Vec<Field> {
        let mut keys = UsedKeys::default();
        if let Some(tag) = self.tag {
            keys.used
                .push((tag.to_owned(), "the enum's `tag`".to_owned()));
        }
        let named = fields
            .iter()
            .filter_map(|field| Some((field.ident.as_ref()?, field)));
        named
            .map(|(ident, field)| self.field(ident, field, &mut keys, errors))
            .collect()
    }

    fn field(
        &self,
        ident: &Ident,
        field: &syn::Field,
        keys: &mut UsedKeys,
        errors: &mut Errors,
    ) -> Field {
        let errors_before = errors.len();
        let attributes = FieldAttributes::parse(&field.attrs, errors);
        let own_valid = errors.len() == errors_before;
        let attrs_valid = self.known == Known::Everything && own_valid;
        let is_sent = attributes.skip.is_none() && (attributes.marked || !self.explicit);
        reject_conflicts(&attributes, errors);
        if own_valid && is_sent && (self.known != Known::Nothing || attributes.marked) {
            if !attributes.marked {
                serde_attributes::reject::<FieldAttribute>(&field.attrs, errors);
            }
            self.reject_sensitive(ident, &attributes, errors);
        }
        let role = if !attrs_valid {
            // The key and type of the field are not checked, because the invalid attribute may be a misspelt `skip`.
            Role::Skipped(Fallback::Default)
        } else if !is_sent {
            let fallback = self.fallback(attributes.default);
            Role::Skipped(fallback.unwrap_or(Fallback::Default))
        } else if attributes.flatten.is_some() && contains_self(&field.ty, self.owner) {
            let owner = self.owner;
            errors.at(
                &field.ty,
                format!(
                    "`{owner}` cannot flatten itself, because it would have the same keys twice; without `flatten` it can be \
                     the value of a field, if it derives `serde::Serialize` and `serde::Deserialize`"
                ),
            );
            Role::Skipped(Fallback::Default)
        } else if attributes.flatten.is_some() {
            Role::Flattened
        } else if attributes.with.is_none()
            && attributes.allow_sensitive.is_none()
            && contains_secret(&field.ty)
        {
            errors.at(
                &field.ty,
                "this type contains a secret, which must not be in checkout metadata: omit the field with \
                 `#[metadata(skip)]`",
            );
            Role::Skipped(Fallback::Default)
        } else {
            Role::Entry(self.entry(ident, &field.ty, attributes, keys, errors))
        };
        Field {
            ident: ident.clone(),
            ty: field.ty.clone(),
            role,
        }
    }

    fn entry(
        &self,
        ident: &Ident,
        ty: &Type,
        attributes: FieldAttributes,
        keys: &mut UsedKeys,
        errors: &mut Errors,
    ) -> Entry {
        let name = ident.unraw().to_string();
        let (key, key_place) = self.key(ident, &attributes);
        keys.add(&key, key_place, &name, errors);
        for alias in &attributes.alias {
            keys.add(&alias.value(), alias, &name, errors);
        }
        let absent = self.fallback(attributes.default);
        let none_is_null = match &absent {
            None => false,
            // The default of an `Option` is `None`. A newtype of one can have another default.
            Some(Fallback::Default) => !is_option(ty),
            Some(Fallback::Function(_) | Fallback::FieldOfStruct) => true,
        };
        Entry {
            key,
            alias: attributes.alias.iter().map(LitStr::value).collect(),
            with: attributes.with,
            absent,
            none_is_null,
        }
    }

    /// Returns the key of a field, and where it is written.
    fn key(&self, ident: &Ident, attributes: &FieldAttributes) -> (String, TokenStream) {
        match &attributes.rename {
            Some(rename) => (rename.value(), rename.to_token_stream()),
            None => (
                self.case.field(&ident.unraw().to_string()),
                ident.to_token_stream(),
            ),
        }
    }

    /// Rejects a field whose name or key looks like a secret.
    fn reject_sensitive(&self, ident: &Ident, attributes: &FieldAttributes, errors: &mut Errors) {
        if attributes.flatten.is_some() || attributes.allow_sensitive.is_some() {
            return;
        }
        let name = (ident.unraw().to_string(), ident.to_token_stream());
        let key = self.key(ident, attributes);
        if let Some((word, place)) = [name, key].into_iter().find(|(word, _)| sensitive(word)) {
            let reason = looks_sensitive(&word);
            errors.at(
                place,
                format!(
                    "{reason}: omit the field with `#[metadata(skip)]`, or add `#[metadata(allow_sensitive)]` if it is \
                     neither"
                ),
            );
        }
    }

    /// Returns the source of the value if the field is absent: its own default, or else that of the struct.
    fn fallback(&self, of_field: Option<(Span, Fallback)>) -> Option<Fallback> {
        let of_struct = self.has_default.then_some(Fallback::FieldOfStruct);
        of_field.map(|(_, fallback)| fallback).or(of_struct)
    }
}

/// The keys and aliases so far, each with its owner in words.
#[derive(Default)]
struct UsedKeys {
    used: Vec<(String, String)>,
}

impl UsedKeys {
    /// Adds a key of the field `name`, or an error at `place` if the key is empty or already used.
    fn add(&mut self, key: &str, place: impl ToTokens, name: &str, errors: &mut Errors) {
        let field = format!("the field `{name}`");
        if key.is_empty() {
            errors.at(place, EMPTY_KEY);
        } else if let Some((_, owner)) = self.used.iter().find(|(used, _)| used == key) {
            let message = if *owner == field {
                format!("{owner} already has the key `{key}`; remove this one")
            } else {
                format!("{owner} already has the key `{key}`; rename one of them")
            };
            errors.at(place, message);
        } else {
            self.used.push((key.to_owned(), field));
        }
    }
}

/// Rejects attributes that have no effect together.
fn reject_conflicts(attributes: &FieldAttributes, errors: &mut Errors) {
    let (allowed, reason): (&[FieldAttribute], _) = if attributes.skip.is_some() {
        (
            &[FieldAttribute::Skip, FieldAttribute::Default],
            "on a skipped field",
        )
    } else if attributes.flatten.is_some() {
        (
            &[FieldAttribute::Flatten],
            "on a flattened field, because it has no key",
        )
    } else {
        return;
    };
    for attribute in FieldAttribute::ALL {
        if let Some(span) = attributes.span(*attribute)
            && !allowed.contains(attribute)
        {
            let message = format!("`{}` has no effect {reason}", attribute.name());
            errors.push(syn::Error::new(span, message));
        }
    }
}
