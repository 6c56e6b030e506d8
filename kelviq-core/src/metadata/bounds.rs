//! The traits that [`#[derive(CheckoutMetadata)]`](macro@crate::CheckoutMetadata) requires of the types of fields.
//!
//! They appear in compiler messages. Every type that serde supports implements them, so applications neither implement nor call
//! them. Their methods are exempt from semantic versioning.
//!
//! The lifetimes allow higher-ranked bounds, which the compiler checks where a struct is read instead of where it is defined.
//! A struct that is only written therefore needs no `serde::Deserialize`.

pub use serde::{Serialize, de::DeserializeOwned};

use super::{
    error::MetadataError, from_metadata::FromMetadata, reader::MetadataReader,
    serializer::WhenNone, writer::MetadataWriter,
};
use crate::field_key::FieldKey;

/// A type that can be the value of a metadata key: any type that serde can serialize.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a checkout metadata value",
    label = "`{Self}` does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for the type of the field and the types in it, or omit the field with `#[metadata(skip)]`",
    note = "for a type of another crate, enable its feature `serde` or use `#[metadata(with = some::module)]`",
    note = "to send the keys of a struct that derives `CheckoutMetadata`, mark the field `#[metadata(flatten)]`"
)]
pub trait MetadataValue {
    /// Writes the value as one entry.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized.
    fn write_value(
        &self,
        writer: &mut MetadataWriter,
        key: FieldKey<'_>,
        when_none: WhenNone,
    ) -> Result<(), MetadataError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> MetadataValue for T {
    fn write_value(
        &self,
        writer: &mut MetadataWriter,
        key: FieldKey<'_>,
        when_none: WhenNone,
    ) -> Result<(), MetadataError> {
        writer.entry_with(key, when_none, |serializer| self.serialize(serializer))
    }
}

/// A type that can be read from the value of a metadata key: any type that implements `serde::Deserialize` and owns its
/// content.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` does not implement `serde::Deserialize`",
    note = "derive `serde::Deserialize` for `{Self}`, or omit the field with `#[metadata(skip)]`"
)]
pub trait ReadValue<'a>: Sized {
    /// Reads the value under the first of `keys` that is present.
    ///
    /// # Errors
    ///
    /// Returns an error if no key is present and the type is not an `Option`, or if the value cannot be deserialized.
    fn required(
        reader: &mut MetadataReader<'_>,
        keys: &[FieldKey<'_>],
    ) -> Result<Self, MetadataError>;

    /// Reads the value under the first of `keys` that is present; `None` if no key is present.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be deserialized.
    fn optional(
        reader: &mut MetadataReader<'_>,
        keys: &[FieldKey<'_>],
    ) -> Result<Option<Self>, MetadataError>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ReadValue<'_> for T {
    fn required(
        reader: &mut MetadataReader<'_>,
        keys: &[FieldKey<'_>],
    ) -> Result<Self, MetadataError> {
        reader.required_any(keys)
    }

    fn optional(
        reader: &mut MetadataReader<'_>,
        keys: &[FieldKey<'_>],
    ) -> Result<Option<Self>, MetadataError> {
        reader.get_any(keys)
    }
}

/// A type that is written as a reference. No type implements this trait, so a struct with such a field cannot be read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` borrows, but a value that is read back has to be owned",
    note = "read it as a struct that owns its fields, with `String` instead of `&str`"
)]
pub trait ReadBorrowed<'a>: ReadValue<'a> {}

/// A type that can be read as a flattened field: any type that implements [`FromMetadata`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "a flattened field has the type `{Self}`, which can only be written",
    note = "derive `CheckoutMetadata` for `{Self}`; if it is derived, one of its fields cannot be read, and \
            `metadata.parse::<{Self}>()` names that field"
)]
pub trait ReadFlattened<'a, const HAS_KEYS: bool>: Sized {
    /// Calls [`FromMetadata::read_metadata`].
    ///
    /// # Errors
    ///
    /// Returns the error of that function.
    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError>;

    /// Calls [`FromMetadata::found_in`].
    fn found_in(reader: &MetadataReader<'_>) -> bool;
}

#[diagnostic::do_not_recommend]
impl<T: FromMetadata, const HAS_KEYS: bool> ReadFlattened<'_, HAS_KEYS> for T {
    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }
}

/// A type with a default value for a field that is not in the metadata: any type that implements `Default`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default for a field that is not in the checkout metadata",
    label = "`{Self}` does not implement `Default`",
    note = "derive `Default` for `{Self}`, or specify a function: `#[metadata(skip, default = some::function)]`"
)]
pub trait ReadDefault<'a>: Sized {
    /// Returns the default value.
    fn read_default() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> ReadDefault<'_> for T {
    fn read_default() -> Self {
        T::default()
    }
}

/// The type of a field with `with`, which the `deserialize` function of the module returns.
#[diagnostic::on_unimplemented(
    message = "`deserialize` of the module in `with` returns `{Self}`, but the type of the field is `{T}`",
    label = "expected `{T}`, found `{Self}`",
    note = "change the type of the field, or use a module for `{T}`"
)]
pub trait SameAs<T> {
    /// Returns the value.
    fn same(self) -> T;
}

impl<T> SameAs<T> for T {
    fn same(self) -> T {
        self
    }
}
