//! Fields and their keys, checked.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Fields, Ident, LitStr, ext::IdentExt};

use crate::{
    attributes::OnField,
    case::Case,
    errors::Errors,
    generics::written_at,
    model::{Entry, Fallback, Field, Role},
    parse,
    sensitive::{looks_sensitive, sensitive},
    serde_attributes,
};

pub(crate) const EMPTY_KEY: &str = "a metadata key cannot be empty";

/// What holds for all fields of a struct or of a variant.
pub(crate) struct Scope<'a> {
    pub(crate) case: Case,
    pub(crate) explicit: bool,
    /// Whether it is known how keys are made and which fields are sent.
    pub(crate) understood: bool,
    /// The key that is taken by the enum.
    pub(crate) tag: Option<&'a str>,
}

impl Scope<'_> {
    pub(crate) fn fields(&self, fields: &Fields, errors: &mut Errors) -> Vec<Field> {
        let mut taken: Vec<(String, String)> = Vec::new();
        taken.extend(
            self.tag
                .map(|tag| (tag.to_owned(), "the enum's `tag`".to_owned())),
        );
        let named = fields
            .iter()
            .filter_map(|field| Some((field.ident.as_ref()?, field)));
        named
            .map(|(ident, field)| self.field(ident, field, &mut taken, errors))
            .collect()
    }

    fn field(
        &self,
        ident: &Ident,
        field: &syn::Field,
        taken: &mut Vec<(String, String)>,
        errors: &mut Errors,
    ) -> Field {
        let before = errors.len();
        let written = OnField::parse(&field.attrs, errors);
        let understood = self.understood && errors.len() == before;
        let sent = written.skip.is_none() && (written.marked || !self.explicit);
        refuse_conflicts(&written, errors);
        if understood && sent && !written.marked {
            serde_attributes::refuse(&field.attrs, &parse::FIELD, errors);
        }
        let role = if !understood {
            // Nothing may be said about the key and the type of a field whose attributes are not known: `skip` may be
            // among them.
            Role::Skipped(Fallback::Default)
        } else if !sent {
            Role::Skipped(
                written
                    .default
                    .map_or(Fallback::Default, |(_, fallback)| fallback),
            )
        } else if written.flatten.is_some() {
            Role::Flattened
        } else {
            Role::Entry(self.entry(ident, written, taken, errors))
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
        written: OnField,
        taken: &mut Vec<(String, String)>,
        errors: &mut Errors,
    ) -> Entry {
        let name = ident.unraw().to_string();
        let key = written
            .rename
            .as_ref()
            .map_or_else(|| self.case.field(&name), LitStr::value);
        let place = written
            .rename
            .as_ref()
            .map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream);
        if let Some(word) = [&name, &key].into_iter().find(|word| sensitive(word))
            && written.allow_sensitive.is_none()
        {
            errors.at(
                if *word == name { ident.to_token_stream() } else { place.clone() },
                format!(
                    "{}: leave the field out with `#[metadata(skip)]`, or, if it is something else, add \
                     `#[metadata(allow_sensitive)]`",
                    looks_sensitive(word)
                ),
            );
        }
        claim(&key, &place, &name, taken, errors);
        for alias in &written.alias {
            claim(&alias.value(), alias, &name, taken, errors);
        }
        Entry {
            key,
            alias: written.alias.iter().map(LitStr::value).collect(),
            with: written.with,
            absent: written.default.map(|(_, fallback)| fallback),
        }
    }
}

/// Takes `key` for the field `name`, unless another has it.
fn claim(
    key: &str,
    place: impl ToTokens,
    name: &str,
    taken: &mut Vec<(String, String)>,
    errors: &mut Errors,
) {
    let by = format!("the field `{name}`");
    if key.is_empty() {
        errors.at(place, EMPTY_KEY);
    } else if let Some((_, owner)) = taken.iter().find(|(other, _)| other == key) {
        let message = if *owner == by {
            format!("{owner} is read from `{key}` already; leave this one out")
        } else {
            format!("the metadata key `{key}` belongs to {owner} already; rename one of them")
        };
        errors.at(place, message);
    } else {
        taken.push((key.to_owned(), by));
    }
}

/// Refuses items that have no meaning together.
fn refuse_conflicts(written: &OnField, errors: &mut Errors) {
    let items = [
        ("rename", written.rename.as_ref().map(LitStr::span)),
        ("alias", written.alias.first().map(LitStr::span)),
        ("with", written.with.as_ref().map(written_at)),
        ("default", written.default.as_ref().map(|(span, _)| *span)),
        ("flatten", written.flatten),
        ("allow_sensitive", written.allow_sensitive),
    ];
    let mut refuse = |span: Option<Span>, message: String| {
        if let Some(span) = span {
            errors.push(syn::Error::new(span, message));
        }
    };
    for (name, span) in items {
        if written.skip.is_some() && name != "default" {
            refuse(
                span,
                format!("`{name}` has no effect on a field that is skipped"),
            );
        } else if written.skip.is_none() && written.flatten.is_some() && name != "flatten" {
            refuse(
                span,
                format!("`{name}` has no effect on a flattened field, which has no key of its own"),
            );
        }
    }
}
