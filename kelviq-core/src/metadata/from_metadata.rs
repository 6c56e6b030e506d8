//! Types that can be read from metadata.

use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasher,
    sync::Arc,
};

use serde::de::DeserializeOwned;

use super::{error::MetadataError, object::Metadata, reader::MetadataReader, value::read_value};
use crate::json::RawObject;

/// A type that can be read from checkout metadata.
///
/// [`#[derive(CheckoutMetadata)]`](macro@crate::CheckoutMetadata) implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from checkout metadata",
    label = "this type has no metadata keys",
    note = "derive `CheckoutMetadata` for `{Self}` if it is a struct or enum, or read a `Metadata` and get values with \
            `Metadata::get`"
)]
pub trait FromMetadata: Sized {
    /// Reads the value from the entries. Unknown keys are ignored.
    ///
    /// # Errors
    ///
    /// Returns an error that names the key if a key is missing or its value cannot be deserialized.
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError>;

    /// Returns `true` if any of the type's keys is present with a value other than null. Otherwise an `Option` of the type
    /// is `None`.
    fn found_in(reader: &MetadataReader<'_>) -> bool {
        let _ = reader;
        true
    }

    /// Reads the value from the text of a JSON object, like [`Metadata::from_json`] and [`Metadata::parse`] but in one pass.
    /// [`Metadata::parse`] and events call it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a JSON object, if one of its keys is not Unicode, or if the value cannot be read
    /// from the entries, with the JSON text of all metadata.
    fn from_json(json: &str) -> Result<Self, MetadataError> {
        read_object(json)
    }
}

impl Metadata {
    /// Reads all metadata as a struct that derives [`CheckoutMetadata`](macro@crate::CheckoutMetadata).
    ///
    /// # Errors
    ///
    /// Returns an error that names the key if a key is missing or its value cannot be deserialized.
    pub fn parse<T: FromMetadata>(&self) -> Result<T, MetadataError> {
        T::from_json(self.as_json())
    }
}

/// `None` if none of the type's keys is present.
impl<T: FromMetadata> FromMetadata for Option<T> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::found_in(reader)
            .then(|| T::read_metadata(reader))
            .transpose()
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }

    fn from_json(json: &str) -> Result<Self, MetadataError> {
        T::found_in(&MetadataReader::new(&parse_object(json)?))
            .then(|| T::from_json(json))
            .transpose()
    }
}

impl<T: FromMetadata> FromMetadata for Box<T> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader).map(Self::new)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }

    fn from_json(json: &str) -> Result<Self, MetadataError> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromMetadata> FromMetadata for Arc<T> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::read_metadata(reader).map(Self::new)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }

    fn from_json(json: &str) -> Result<Self, MetadataError> {
        T::from_json(json).map(Self::new)
    }
}

/// Reads all entries. As a flattened field, reads only the entries that belong to no other field.
impl FromMetadata for Metadata {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        Ok(reader.rest())
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }

    fn from_json(json: &str) -> Result<Self, MetadataError> {
        Self::from_json(json)
    }
}

/// Reads all entries. As a flattened field, reads only the entries that belong to no other field.
impl<V: DeserializeOwned> FromMetadata for BTreeMap<String, V> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        read_map(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }
}

/// Reads all entries. As a flattened field, reads only the entries that belong to no other field.
impl<V: DeserializeOwned, S: BuildHasher + Default> FromMetadata for HashMap<String, V, S> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        read_map(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }
}

/// Reads the value from all entries of an object.
pub(super) fn read_object<T: FromMetadata>(json: &str) -> Result<T, MetadataError> {
    let mut reader = MetadataReader::new(&parse_object(json)?);
    T::read_metadata(&mut reader).map_err(|error| error.with_raw(json.trim_ascii()))
}

fn parse_object(json: &str) -> Result<RawObject<'_>, MetadataError> {
    RawObject::parse(json).map_err(|_| MetadataError::not_an_object(json))
}

fn read_map<V, M>(reader: &mut MetadataReader<'_>) -> Result<M, MetadataError>
where
    V: DeserializeOwned,
    M: FromIterator<(String, V)>,
{
    let rest = reader.rest();
    let entry = |(key, raw): (&str, &str)| Ok((key.to_owned(), read_value(key, raw)?));
    rest.last_entries().map(entry).collect()
}
