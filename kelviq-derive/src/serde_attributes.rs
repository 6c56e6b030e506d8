//! `#[serde(…)]` beside `#[metadata(…)]`.
//!
//! Metadata is not serde's output of the struct, so serde's attributes mean nothing here. One that stands alone would be
//! a trap: a field under another key than expected or, worse, a skipped one that leaves. Any `#[metadata]` of the field's
//! own shows that the author knows.

use syn::{Attribute, ext::IdentExt};

use crate::{errors::Errors, parse::Place};

/// What changes neither keys nor values.
const HARMLESS: [&str; 2] = ["borrow", "bound"];

/// Refuses the serde attributes of a field or variant that has no `#[metadata]`.
pub(crate) fn refuse(attributes: &[Attribute], place: &Place, errors: &mut Errors) {
    for (name, item) in items(attributes) {
        if HARMLESS.contains(&name.as_str()) {
            continue;
        }
        let mut again = String::new();
        if place.known.contains(&name.as_str()) {
            again = format!("repeat it as `#[metadata({name})]`, or ");
        }
        let what = place.name.trim_start_matches("a ");
        let message = format!(
            "checkout metadata does not read `#[serde({name})]`: {again}add a bare `#[metadata]` to send the {what} \
             regardless of serde"
        );
        errors.at(item, message);
    }
}

/// Refuses a `rename_all` for serde alone.
pub(crate) fn refuse_rename_all(
    attributes: &[Attribute],
    said: &[(&str, bool)],
    errors: &mut Errors,
) {
    for (name, meta) in items(attributes) {
        if said.contains(&(name.as_str(), false)) {
            errors.at(
                meta,
                format!(
                    "checkout metadata does not read `#[serde({name})]`: say the case as \
                     `#[metadata({name} = \"…\")]`; `snake_case` leaves the names of fields as they are"
                ),
            );
        }
    }
}

fn items(attributes: &[Attribute]) -> Vec<(String, syn::Path)> {
    let mut items = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Malformed ones are serde's to complain about.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Some(name) = meta.path.get_ident() {
                items.push((name.unraw().to_string(), meta.path.clone()));
            }
            while !meta.input.is_empty() && !meta.input.peek(syn::Token![,]) {
                meta.input.parse::<proc_macro2::TokenTree>()?;
            }
            Ok(())
        });
    }
    items
}
