//! What the code of the derive calls. Not for use by hand: it changes without notice.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    FromMetadata, MetadataError, MetadataKeys, MetadataReader, MetadataWriter, ToMetadata,
    read::{JsonDeserializer, absent, value_with},
};
pub use super::{
    entry::{EntrySerializer, JsonEntrySerializer},
    explain::Explain,
    keys::assert_distinct,
    misfit::Misfit,
};

/// A type that can be the value of a metadata key: any that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a checkout metadata value",
    label = "`{Self}` does not implement `serde::Serialize`",
    note = "leave the field out with `#[metadata(skip)]`, or derive `serde::Serialize` for your types in it",
    note = "a struct with `#[derive(CheckoutMetadata)]` takes part with `#[metadata(flatten)]`"
)]
pub trait MetadataValue {
    /// Writes it as one entry.
    ///
    /// # Errors
    ///
    /// When the value does not serialise.
    fn write_value(&self, writer: &mut MetadataWriter, key: &str) -> Result<(), MetadataError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> MetadataValue for T {
    fn write_value(&self, writer: &mut MetadataWriter, key: &str) -> Result<(), MetadataError> {
        writer.entry(key, self)
    }
}

/// Writes a field with a function of its own.
///
/// # Errors
///
/// When the function fails.
pub fn write_with(
    writer: &mut MetadataWriter,
    key: &str,
    serialize: impl FnOnce(JsonEntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
) -> Result<(), MetadataError> {
    writer.entry_with(key, serialize)
}

/// Keeps maps that are flattened from writing `keys`, which are those of fields, even of fields that write nothing.
pub fn reserve(writer: &mut MetadataWriter, keys: MetadataKeys) {
    writer.reserve(keys);
}

/// Keeps `keys`, which are those of fields, out of the maps that are flattened.
pub fn claim(reader: &mut MetadataReader<'_>, keys: MetadataKeys) {
    reader.claim(keys);
}

/// A type that can be read from the value of a metadata key. The lifetime makes the compiler take the bound on trust.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` does not implement `serde::Deserialize`",
    note = "derive `serde::Deserialize` for your types in it, or leave the field out with `#[metadata(skip)]`"
)]
pub trait ReadValue<'a>: Sized {
    /// The value under the first of `keys` that is there.
    ///
    /// # Errors
    ///
    /// When none is there, but for an `Option`, or the value is something else.
    fn required(reader: &mut MetadataReader<'_>, keys: &[&str]) -> Result<Self, MetadataError>;

    /// The value under the first of `keys` that is there, if one is.
    ///
    /// # Errors
    ///
    /// When the value is something else.
    fn optional(
        reader: &mut MetadataReader<'_>,
        keys: &[&str],
    ) -> Result<Option<Self>, MetadataError>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ReadValue<'_> for T {
    fn required(reader: &mut MetadataReader<'_>, keys: &[&str]) -> Result<Self, MetadataError> {
        reader.required_any(keys)
    }

    fn optional(
        reader: &mut MetadataReader<'_>,
        keys: &[&str],
    ) -> Result<Option<Self>, MetadataError> {
        reader.get_any(keys)
    }
}

/// What stands in for [`ReadValue`] where a type borrows: nothing implements it, so that a read says why.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` borrows, and what is read back has to be owned",
    note = "read it as a struct that owns its fields, with `String` in place of `&str`"
)]
pub trait ReadBorrowed<'a>: ReadValue<'a> {}

/// A type that can be flattened, read.
pub trait ReadFlattened<'a>: Sized {
    /// [`ToMetadata::READ_KEYS`].
    const KEYS: MetadataKeys;

    /// Reads it from the entries around it.
    ///
    /// # Errors
    ///
    /// Like [`FromMetadata::read_metadata`].
    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError>;

    /// Like [`FromMetadata::found_in`].
    fn found_in(reader: &MetadataReader<'_>) -> bool;
}

impl<T: FromMetadata + ToMetadata> ReadFlattened<'_> for T {
    const KEYS: MetadataKeys = T::READ_KEYS;

    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }
}

/// A type with a value for where there is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no value for a field that is not in the checkout metadata",
    label = "`{Self}` does not implement `Default`",
    note = "derive `Default` for `{Self}`, or name a function: `#[metadata(skip, default = some::function)]`"
)]
pub trait ReadDefault<'a>: Sized {
    /// The default.
    fn read_default() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> ReadDefault<'_> for T {
    fn read_default() -> Self {
        T::default()
    }
}

/// Reads a field with a function of its own; a second one reads the same where an error is explained.
///
/// # Errors
///
/// When the key is missing and the function wants a value, or the value is something else.
pub fn required_with<T>(
    reader: &mut MetadataReader<'_>,
    keys: &[&str],
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
    explain: impl FnOnce(Explain<'_>) -> Result<T, Misfit>,
) -> Result<T, MetadataError> {
    match reader.take(keys) {
        Some((key, raw)) => value_with(key, raw, read, explain),
        None => absent(keys, explain),
    }
}

/// Like [`required_with`], for a field with a default.
///
/// # Errors
///
/// When the value is something else.
pub fn optional_with<T>(
    reader: &mut MetadataReader<'_>,
    keys: &[&str],
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
    explain: impl FnOnce(Explain<'_>) -> Result<T, Misfit>,
) -> Result<Option<T>, MetadataError> {
    let found = reader.take(keys);
    found
        .map(|(key, raw)| value_with(key, raw, read, explain))
        .transpose()
}

/// Reads the tag of an enum: which of `variants` it names, each given by all its names.
///
/// # Errors
///
/// When the tag is missing or names none of them.
pub fn read_tag(
    reader: &mut MetadataReader<'_>,
    key: &str,
    variants: &[&[&str]],
) -> Result<usize, MetadataError> {
    let one_of = || {
        let names: Vec<&str> = variants
            .iter()
            .filter_map(|names| names.first().copied())
            .collect();
        Misfit::one_of(&names)
    };
    let Some((_, raw)) = reader.take(&[key]) else {
        return Err(MetadataError::missing(key, one_of()));
    };
    let Ok(name) = serde_json::from_str::<String>(raw) else {
        return Err(MetadataError::misfit(key, Some(one_of()), raw));
    };
    let variant = variants.iter().position(|names| names.contains(&&*name));
    variant.ok_or_else(|| MetadataError::misfit(key, Some(one_of().found("another string")), raw))
}
