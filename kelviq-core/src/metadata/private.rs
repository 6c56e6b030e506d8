//! Functions and traits for the code that the derive generates. Not part of the public API: they change without notice.

pub use serde::{Serialize, de::DeserializeOwned};

pub use super::{
    absent::AbsentValue,
    keys::{aliases, assert_distinct, combined, keys},
    serializer::{EntrySerializer, NestedValues, ValueSerializer, WhenNone},
};
use super::{
    absent::read_absent_with,
    error::MetadataError,
    from_metadata::FromMetadata,
    keys::MetadataKeys,
    kind::Kind,
    reader::{MetadataReader, missing},
    type_name::type_name,
    value::{JsonDeserializer, read_value_with},
    writer::MetadataWriter,
};

/// A type that can be the value of a metadata key: any type that serde can serialize.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a checkout metadata value",
    label = "`{Self}` does not implement `serde::Serialize`",
    note = "omit the field with `#[metadata(skip)]`, or derive `serde::Serialize` for its type",
    note = "a struct with `#[derive(CheckoutMetadata)]` can be a field with `#[metadata(flatten)]`"
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
        key: &str,
        when_none: WhenNone,
    ) -> Result<(), MetadataError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> MetadataValue for T {
    fn write_value(
        &self,
        writer: &mut MetadataWriter,
        key: &str,
        when_none: WhenNone,
    ) -> Result<(), MetadataError> {
        writer.entry_with(key, when_none, |serializer| self.serialize(serializer))
    }
}

/// Writes a field by calling `serialize`, the function of the same name of a `with` module.
///
/// # Errors
///
/// Returns an error if the function fails.
pub fn write_with(
    writer: &mut MetadataWriter,
    key: &str,
    when_none: WhenNone,
    serialize: impl FnOnce(EntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
) -> Result<(), MetadataError> {
    writer.entry_with(key, when_none, serialize)
}

/// Prevents flattened maps from writing `keys`, which belong to fields, even if a field writes nothing.
pub fn reserve(writer: &mut MetadataWriter, keys: MetadataKeys) {
    writer.reserve(keys);
}

/// Excludes `keys`, which belong to fields, from flattened maps.
pub fn exclude_from_rest(reader: &mut MetadataReader<'_>, keys: MetadataKeys) {
    reader.exclude_from_rest(keys);
}

/// A type that can be read from the value of a metadata key.
///
/// The lifetime allows a higher-ranked bound, which the compiler checks where the impl is used instead of where it is
/// defined.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` does not implement `serde::Deserialize`",
    note = "derive `serde::Deserialize` for its type, or omit the field with `#[metadata(skip)]`"
)]
pub trait ReadValue<'a>: Sized {
    /// Reads the value under the first of `keys` that is present.
    ///
    /// # Errors
    ///
    /// Returns an error if no key is present and the type is not an `Option`, or if the value cannot be deserialized.
    fn required(reader: &mut MetadataReader<'_>, keys: &[&str]) -> Result<Self, MetadataError>;

    /// Reads the value under the first of `keys` that is present; `None` if no key is present.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be deserialized.
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

/// The bound of a field whose type borrows, in place of [`ReadValue`]. No type implements it, so that the compiler explains
/// why the struct cannot be read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from checkout metadata",
    label = "`{Self}` borrows, but a value that is read back has to be owned",
    note = "read it as a struct that owns its fields, with `String` instead of `&str`"
)]
pub trait ReadBorrowed<'a>: ReadValue<'a> {}

/// A type that can be read as a flattened field.
pub trait ReadFlattened<'a>: Sized {
    /// Calls [`FromMetadata::read_metadata`].
    ///
    /// # Errors
    ///
    /// Returns the error of that function.
    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError>;

    /// Calls [`FromMetadata::found_in`].
    fn found_in(reader: &MetadataReader<'_>) -> bool;
}

impl<T: FromMetadata> ReadFlattened<'_> for T {
    fn read_flattened(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }
}

/// A type with a default value for a field that is not in the metadata.
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

/// Reads a required field by calling `read`, the `deserialize` function of `module`.
///
/// `read` and `read_absent` are the same function, for two deserializers.
///
/// # Errors
///
/// Returns an error if the key is missing and the function needs a value, or if the function fails.
pub fn required_with<T>(
    reader: &mut MetadataReader<'_>,
    keys: &[&str],
    module: &str,
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
    read_absent: impl FnOnce(AbsentValue) -> Result<T, serde::de::value::Error>,
) -> Result<T, MetadataError> {
    match reader.take(keys) {
        Some((key, raw)) => read_value_with(key, raw, || expected_by::<T>(module), read),
        None => {
            read_absent_with(read_absent).ok_or_else(|| missing(keys, expected_by::<T>(module)))
        }
    }
}

/// Reads an optional field by calling `read`, the `deserialize` function of `module`. Returns `None` if the key is absent, or
/// if the value is null and the function rejects null.
///
/// # Errors
///
/// Returns an error if the function fails.
pub fn optional_with<T>(
    reader: &mut MetadataReader<'_>,
    keys: &[&str],
    module: &str,
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
) -> Result<Option<T>, MetadataError> {
    let Some((key, raw)) = reader.take(keys) else {
        return Ok(None);
    };
    match read_value_with(key, raw, || expected_by::<T>(module), read) {
        Err(_) if raw == "null" => Ok(None),
        result => result.map(Some),
    }
}

/// Names the type and the module, because the JSON format of the type depends on the module.
fn expected_by<T>(module: &str) -> String {
    format!("{} in the format of `{module}`", type_name::<T>())
}

/// Reads the tag of an enum and returns the index of the variant, or `other` if the tag is another string. Each variant is
/// listed with all its names.
///
/// # Errors
///
/// Returns an error if the tag is missing or is not the name of a variant.
pub fn read_tag(
    reader: &mut MetadataReader<'_>,
    key: &str,
    variants: &[&[&str]],
    other: Option<usize>,
) -> Result<usize, MetadataError> {
    let Some((_, raw)) = reader.take(&[key]) else {
        return Err(MetadataError::missing(key, one_of(variants)));
    };
    let Ok(name) = serde_json::from_str::<String>(raw) else {
        return Err(MetadataError::mismatch(
            key,
            one_of(variants),
            Kind::of(raw).name(),
        ));
    };
    let variant = variants.iter().position(|names| names.contains(&&*name));
    variant
        .or(other)
        .ok_or_else(|| MetadataError::mismatch(key, one_of(variants), "another string"))
}

fn one_of(variants: &[&[&str]]) -> String {
    let names: Vec<&str> = variants
        .iter()
        .filter_map(|names| names.first().copied())
        .collect();
    match *names {
        [name] => format!("`{name}`"),
        _ => format!("one of `{}`", names.join("`, `")),
    }
}
