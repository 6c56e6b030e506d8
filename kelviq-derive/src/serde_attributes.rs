//! `#[serde(…)]` attributes beside `#[metadata(…)]`.
//!
//! The derive ignores serde's attributes. To ignore them silently would be dangerous: a field could have another key than
//! expected or, worse, a skipped field could be sent. Therefore a field or variant with a serde attribute also needs a
//! `#[metadata]` attribute, which confirms that the author is aware of this. On a struct or enum, the attribute has to be set for
//! metadata too, or confirmed by a bare `#[metadata]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Data, DeriveInput, Ident, Path, Token, ext::IdentExt};

use crate::{
    attribute_name::{AttributeName, ContainerAttribute},
    attributes::ContainerAttributes,
    errors::Errors,
};

/// Attributes that change neither keys nor values.
const HARMLESS: [&str; 2] = ["borrow", "bound"];

/// Attributes of a struct or enum that change neither keys nor values.
const HARMLESS_ON_CONTAINER: [&str; 4] = ["bound", "crate", "expecting", "rename"];

/// Rejects the serde attributes of a field or variant without `#[metadata]`.
pub(crate) fn reject<A: AttributeName>(attributes: &[Attribute], errors: &mut Errors) {
    for Item { ident, path, value } in items(attributes) {
        let name = ident.unraw().to_string();
        if HARMLESS.contains(&name.as_str()) {
            continue;
        }
        let replacement = replacement::<A>(&ident, &name, &value);
        let item = A::POSITION.trim_start_matches("a ");
        let message = format!(
            "checkout metadata ignores `#[serde({name})]`: {replacement}add a bare `#[metadata]` to confirm that the {item} is \
             sent"
        );
        errors.at(path, message);
    }
}

/// Returns what to write instead of a serde attribute on a field or variant, as the beginning of a sentence.
fn replacement<A: AttributeName>(ident: &Ident, name: &str, value: &TokenStream) -> String {
    let text = value.to_string();
    match name {
        "rename" if !text.starts_with('=') => {
            match (name_for(value, "serialize"), name_for(value, "deserialize")) {
                (Some(written), Some(read)) if written != read => {
                    format!("write `#[metadata(rename = {written}, alias = {read})]`, or ")
                }
                (Some(written), _) => format!("write `#[metadata(rename = {written})]`, or "),
                (None, Some(read)) => format!("write `#[metadata(alias = {read})]`, or "),
                (None, None) => String::new(),
            }
        }
        _ if A::from_ident(ident).is_some() => {
            let space = if text.is_empty() { "" } else { " " };
            format!("write `#[metadata({name}{space}{text})]`, or ")
        }
        "skip_serializing" => "write `#[metadata(skip)]`, or ".to_owned(),
        "skip_serializing_if" if text.ends_with("Option::is_none\"") => {
            "a field that is `None` is not written anyway; ".to_owned()
        }
        "skip_serializing_if" => {
            "only a field that is `None` is not written; make it an `Option`, or ".to_owned()
        }
        "serialize_with" | "deserialize_with" => {
            "write `#[metadata(with = some::module)]` with the module of both functions, or "
                .to_owned()
        }
        _ => String::new(),
    }
}

/// Returns the literal after `direction` in `(serialize = "…", deserialize = "…")`.
fn name_for(value: &TokenStream, direction: &str) -> Option<String> {
    let mut is_direction = false;
    let groups = value.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    for token in groups.flatten() {
        match token {
            TokenTree::Ident(ident) => is_direction = ident == direction,
            TokenTree::Literal(literal) if is_direction => return Some(literal.to_string()),
            _ => {}
        }
    }
    None
}

/// Rejects the serde attributes of a struct or enum, except those that are also set for metadata, unless a bare `#[metadata]`
/// confirms them. It does not confirm `rename_all` and `rename_all_fields`, because `snake_case` keeps the names of fields.
pub(crate) fn reject_on_container(
    input: &DeriveInput,
    container: &ContainerAttributes,
    errors: &mut Errors,
) {
    for Item { ident, path, .. } in items(&input.attrs) {
        let name = ident.unraw().to_string();
        let is_set = ContainerAttribute::from_ident(&ident)
            .is_some_and(|attribute| container.is_set(attribute));
        if is_set || HARMLESS_ON_CONTAINER.contains(&name.as_str()) {
            continue;
        }
        let instead = if name.starts_with("rename_all") {
            format!(
                "set the case with `#[metadata({name} = \"…\")]`; `snake_case` keeps the names of fields"
            )
        } else if container.confirmed {
            continue;
        } else {
            let is_enum = matches!(input.data, Data::Enum(_));
            let alternative = alternative(&name, is_enum);
            format!(
                "{alternative}, or add a bare `#[metadata]` to confirm that the fields are sent without it"
            )
        };
        errors.at(
            path,
            format!("checkout metadata ignores `#[serde({name})]`: {instead}"),
        );
    }
}

/// Returns what to do instead of setting a serde attribute on a struct or enum.
fn alternative(name: &str, is_enum: bool) -> &'static str {
    match name {
        "default" => "repeat it as `#[metadata(default)]`",
        "tag" if is_enum => "repeat it as `#[metadata(tag = \"…\")]`",
        "tag" => "add a field with this key",
        "content" | "untagged" => {
            "the fields of a variant are written beside the `tag`; for other JSON, make the enum the value of a field"
        }
        "into" | "from" | "try_from" | "remote" => {
            "derive `CheckoutMetadata` for the other type instead, or make this type the value of a field"
        }
        "transparent" => {
            "mark the field `#[metadata(flatten)]`, or make this type the value of a field"
        }
        "deny_unknown_fields" => {
            "unknown keys are ignored when metadata is read; collect them in a flattened `Metadata` to check them"
        }
        _ => "remove it",
    }
}

/// An item of `#[serde(…)]`.
struct Item {
    ident: Ident,
    path: Path,
    /// The tokens after the name.
    value: TokenStream,
}

fn items(attributes: &[Attribute]) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // serde reports malformed attributes.
        let _ = attribute.parse_nested_meta(|meta| {
            let mut value = TokenStream::new();
            while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                value.extend([meta.input.parse::<TokenTree>()?]);
            }
            if let Some(ident) = meta.path.get_ident().cloned() {
                let path = meta.path;
                items.push(Item { ident, path, value });
            }
            Ok(())
        });
    }
    items
}
