//! Functions and traits for the code that the derive generates. Not part of the public API: they change without notice.

use serde::Serialize;

pub use crate::field_key::FieldKey;

pub use super::{
    absent::AbsentValue,
    keys::{aliases, assert_distinct, combined, keys},
    serializer::{EntrySerializer, NestedValues, ValueSerializer, WhenNone},
};
use super::{
    absent::read_absent_with,
    error::MetadataError,
    from_metadata::{FromMetadata, read_object},
    keys::MetadataKeys,
    kind::Kind,
    reader::{MetadataReader, missing},
    type_name::type_name,
    value::{JsonDeserializer, read_value_with},
    writer::MetadataWriter,
};

/// Returns `true` if a flattened type has keys. The derive calls it in the bound of that type, `ReadFlattened`, so that the
/// compiler does not check the bound of a type without keys, which is an error already.
pub const fn has_keys(_: MetadataKeys) -> bool {
    true
}

/// Writes a field by calling `serialize`, the function of the same name of a `with` module.
///
/// # Errors
///
/// Returns an error if the function fails.
pub fn write_with(
    writer: &mut MetadataWriter,
    key: FieldKey<'_>,
    when_none: WhenNone,
    serialize: impl FnOnce(EntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
) -> Result<(), MetadataError> {
    writer.entry_with(key, when_none, serialize)
}

/// Writes the tag of an enum.
///
/// # Errors
///
/// Returns an error if the key was already written.
pub fn write_tag(
    writer: &mut MetadataWriter,
    key: FieldKey<'_>,
    variant: &str,
) -> Result<(), MetadataError> {
    writer.entry_with(key, WhenNone::Omit, |serializer| {
        variant.serialize(serializer)
    })
}

/// Starts writing the entries of a struct that flattens no other.
pub fn start_struct(writer: &mut MetadataWriter) {
    writer.start_struct();
}

/// Prevents flattened maps from writing `keys`, which belong to fields, even if a field writes nothing.
pub fn reserve(writer: &mut MetadataWriter, keys: MetadataKeys) {
    writer.reserve(keys);
}

/// Reads a struct that flattens no other from the text of a JSON object.
///
/// The keys are first expected in the order of the fields, as they were written. Any other text is read again.
///
/// # Errors
///
/// Returns an error if the text is not an object, or that of [`FromMetadata::read_metadata`].
pub fn read_struct<T: FromMetadata>(json: &str) -> Result<T, MetadataError> {
    let mut reader = MetadataReader::in_order(json);
    match T::read_metadata(&mut reader) {
        Ok(value) if reader.is_at_end() => Ok(value),
        _ => read_object(json),
    }
}

/// Excludes `keys`, which belong to fields, from flattened maps.
pub fn exclude_from_rest(reader: &mut MetadataReader<'_>, keys: MetadataKeys) {
    reader.exclude_from_rest(keys);
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
    keys: &[FieldKey<'_>],
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
    keys: &[FieldKey<'_>],
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
    key: FieldKey<'_>,
    variants: &[&[&str]],
    other: Option<usize>,
) -> Result<usize, MetadataError> {
    let Some((_, raw)) = reader.take(&[key]) else {
        return Err(MetadataError::missing(key.name(), one_of(variants)));
    };
    let Ok(name) = serde_json::from_str::<String>(raw) else {
        return Err(MetadataError::mismatch(
            key.name(),
            one_of(variants),
            Kind::of(raw).name(),
        ));
    };
    let variant = variants.iter().position(|names| names.contains(&&*name));
    variant
        .or(other)
        .ok_or_else(|| MetadataError::mismatch(key.name(), one_of(variants), "another string"))
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
