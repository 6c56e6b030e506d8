//! `#[serde(…)]` attributes beside `#[metadata(…)]`.
//!
//! The derive ignores serde's attributes. To ignore them silently would be dangerous: a field could have another key than
//! expected or, worse, a skipped field could be sent. Therefore a field or variant with a serde attribute also needs a
//! `#[metadata]` attribute, which confirms that the author is aware of this.

use syn::{Attribute, Ident, Path, Token, ext::IdentExt};

use crate::{
    attribute_name::{AttributeName, ContainerAttribute},
    errors::Errors,
};

/// Attributes that change neither keys nor values.
const HARMLESS: [&str; 2] = ["borrow", "bound"];

/// Rejects the serde attributes of a field or variant without `#[metadata]`.
pub(crate) fn reject<A: AttributeName>(attributes: &[Attribute], errors: &mut Errors) {
    for (ident, path) in items(attributes) {
        let name = ident.unraw().to_string();
        if HARMLESS.contains(&name.as_str()) {
            continue;
        }
        let repeat = match A::from_ident(&ident) {
            Some(_) => format!("repeat it as `#[metadata({name})]`, or "),
            None => String::new(),
        };
        let item = A::POSITION.trim_start_matches("a ");
        let message = format!(
            "checkout metadata ignores `#[serde({name})]`: {repeat}add a bare `#[metadata]` to confirm that the {item} is sent"
        );
        errors.at(path, message);
    }
}

/// Rejects serde's `rename_all` and `rename_all_fields` on a struct or enum unless they are also `present` for metadata.
pub(crate) fn reject_rename_all(
    attributes: &[Attribute],
    present: &[(ContainerAttribute, bool)],
    errors: &mut Errors,
) {
    for (ident, path) in items(attributes) {
        let Some(attribute) = ContainerAttribute::from_ident(&ident) else {
            continue;
        };
        if present.contains(&(attribute, false)) {
            let name = attribute.name();
            let message = format!(
                "checkout metadata ignores `#[serde({name})]`: set the case with `#[metadata({name} = \"…\")]`; \
                 `snake_case` keeps the names of fields"
            );
            errors.at(path, message);
        }
    }
}

fn items(attributes: &[Attribute]) -> Vec<(Ident, Path)> {
    let mut items = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // serde reports malformed attributes.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Some(name) = meta.path.get_ident() {
                items.push((name.clone(), meta.path.clone()));
            }
            while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                meta.input.parse::<proc_macro2::TokenTree>()?;
            }
            Ok(())
        });
    }
    items
}
