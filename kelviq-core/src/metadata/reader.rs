//! Reading entries one by one.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::DeserializeOwned;

use super::{
    absent::read_absent,
    error::MetadataError,
    keys::MetadataKeys,
    object::Metadata,
    shown_key::ShownKeys,
    type_name::type_name,
    value::{read_optional, read_value},
};
use crate::json::{ObjectWriter, RawObject};

/// The entries that a [`FromMetadata`](crate::FromMetadata) implementation reads from.
///
/// The reader tracks which keys were read, so that a map or a [`Metadata`] that is flattened beside other fields receives
/// the rest. A derived struct first excludes the keys of all its fields from the rest, including those of flattened fields,
/// so that the order of the fields does not matter.
pub struct MetadataReader<'a> {
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    key: Cow<'a, str>,
    raw: &'a str,
    /// Whether the entry was read or excluded from the rest.
    taken: bool,
}

impl<'a> MetadataReader<'a> {
    /// Returns the value under `key`, or `None` if the key is absent or its value is null. The last of several duplicate keys
    /// counts.
    ///
    /// If `T` itself can be null, such as an `Option` or a [`serde_json::Value`], a null is read as that `T`.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be deserialized as `T`.
    pub fn get<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>, MetadataError> {
        match self.take(&[key]) {
            Some((key, raw)) => read_optional(key, raw),
            None => Ok(None),
        }
    }

    /// Returns the value under `key`. If the key is absent, an `Option` is `None`; any other type is an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is missing, or if the value cannot be deserialized as `T`.
    pub fn required<T: DeserializeOwned>(&mut self, key: &str) -> Result<T, MetadataError> {
        self.required_any(&[key])
    }

    /// Returns `true` if `key` is present and its value is not null.
    pub fn has_value(&self, key: &str) -> bool {
        let last = self.entries.iter().rev().find(|entry| entry.key == key);
        last.is_some_and(|entry| entry.raw != "null")
    }

    /// Returns all entries that were not read yet.
    pub fn rest(&mut self) -> Metadata {
        let mut writer = ObjectWriter::default();
        for entry in self.entries.iter_mut().filter(|entry| !entry.taken) {
            entry.taken = true;
            writer.raw_field(&entry.key, entry.raw);
        }
        Metadata::from_writer(writer)
    }

    /// Excludes `keys` from the [`rest`](Self::rest). They can still be read.
    pub(super) fn exclude_from_rest(&mut self, keys: MetadataKeys) {
        let mut excluded = HashSet::new();
        keys.for_each(&mut |key| {
            excluded.insert(key);
        });
        for entry in &mut self.entries {
            entry.taken |= excluded.contains(&*entry.key);
        }
    }

    pub(super) fn has_rest(&self) -> bool {
        self.entries.iter().any(|entry| !entry.taken)
    }

    pub(super) fn new(object: &RawObject<'a>) -> Self {
        let entries = object.entries().iter().map(|(key, value)| Entry {
            key: key.clone(),
            raw: value.get(),
            taken: false,
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// Returns the value under the first of `keys` that is present: a field's key, then its aliases.
    pub(super) fn get_any<T: DeserializeOwned>(
        &mut self,
        keys: &[&str],
    ) -> Result<Option<T>, MetadataError> {
        self.take(keys)
            .map(|(key, raw)| read_value(key, raw))
            .transpose()
    }

    /// Like [`get_any`](Self::get_any), but an absent key is an error unless `T` is an `Option`.
    pub(super) fn required_any<T: DeserializeOwned>(
        &mut self,
        keys: &[&str],
    ) -> Result<T, MetadataError> {
        match self.take(keys) {
            Some((key, raw)) => read_value(key, raw),
            None => read_absent().ok_or_else(|| missing(keys, type_name::<T>())),
        }
    }

    /// Takes the first of `keys` that is present, and the JSON text of its value.
    pub(super) fn take<'k>(&mut self, keys: &[&'k str]) -> Option<(&'k str, &'a str)> {
        let mut found = None;
        for key in keys {
            for entry in self.entries.iter_mut().filter(|entry| entry.key == *key) {
                entry.taken = true;
                found = Some((*key, entry.raw));
            }
            if found.is_some() {
                break;
            }
        }
        found
    }
}

/// Shows the keys only.
impl fmt::Debug for MetadataReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.entries.iter().map(|entry| &entry.key);
        f.debug_struct("MetadataReader")
            .field("keys", &ShownKeys(keys))
            .finish_non_exhaustive()
    }
}

/// Creates the error for a field of which none of `keys` is present.
pub(super) fn missing(keys: &[&str], expected: String) -> MetadataError {
    MetadataError::missing(keys.first().copied().unwrap_or_default(), expected)
}
