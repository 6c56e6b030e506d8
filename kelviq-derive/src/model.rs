//! The model of a struct or enum: its attributes, checked and resolved.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{DeriveInput, ExprPath, Ident, Path, Type};

/// Everything that the impls are generated from.
pub(crate) struct Target<'a> {
    pub(crate) input: &'a DeriveInput,
    /// The path of kelviq-core.
    pub(crate) krate: &'a Path,
    pub(crate) shape: &'a Shape,
}

impl Target<'_> {
    /// Returns the path of kelviq-core with its tokens at `span`. The compiler reports an error in a path at the first
    /// token.
    pub(crate) fn krate_at(&self, span: Span) -> TokenStream {
        let tokens = self.krate.to_token_stream().into_iter();
        tokens
            .map(|mut token| {
                // The span of `$crate` determines which crate it is.
                if token.to_string() != "$crate" {
                    token.set_span(span);
                }
                token
            })
            .collect()
    }
}

/// The fields or variants, without those that are invalid.
pub(crate) enum Shape {
    Struct {
        fields: Vec<Field>,
        /// The value whose fields are used for absent fields.
        default: Option<Fallback>,
    },
    Enum {
        tag: String,
        variants: Vec<Variant>,
    },
    /// A type that cannot be metadata, such as a union.
    Invalid,
}

impl Shape {
    /// Returns the fields of the struct or of all variants.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Struct { fields, .. } => fields.iter().collect(),
            Self::Enum { variants, .. } => variants
                .iter()
                .flat_map(|variant| &variant.fields)
                .collect(),
            Self::Invalid => Vec::new(),
        }
    }

    /// Returns `true` if a field is flattened.
    pub(crate) fn has_flattened(&self) -> bool {
        self.fields().into_iter().any(Field::is_flattened)
    }
}

/// A variant of an enum.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// The value of the tag.
    pub(crate) name: String,
    pub(crate) alias: Vec<String>,
    /// Whether the variant is read if the tag is the name of no variant.
    pub(crate) is_other: bool,
    pub(crate) fields: Vec<Field>,
}

/// A field of a struct or variant.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
}

impl Field {
    pub(crate) fn is_flattened(&self) -> bool {
        matches!(self.role, Role::Flattened)
    }
}

/// How a field appears in the metadata.
pub(crate) enum Role {
    /// One key and its value.
    Entry(Entry),
    /// The entries of another type.
    Flattened,
    /// Not in the metadata.
    Skipped(Fallback),
}

/// A field with a key.
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) alias: Vec<String>,
    pub(crate) with: Option<ExprPath>,
    /// The value if the key is absent. Without it, the key is required.
    pub(crate) absent: Option<Fallback>,
    /// Whether `None` is written as `null`, because an absent key reads as another value.
    pub(crate) none_is_null: bool,
}

/// The source of a value that is not in the metadata.
#[derive(Clone)]
pub(crate) enum Fallback {
    /// The `Default` of the type.
    Default,
    Function(ExprPath),
    /// The field of the struct's default.
    FieldOfStruct,
}
