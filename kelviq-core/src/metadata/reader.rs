//! Reading entries one by one.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{
    absent::read_absent,
    error::MetadataError,
    in_order::InOrder,
    keys::MetadataKeys,
    object::Metadata,
    shown_key::ShownKeys,
    type_name::type_name,
    value::{read_optional, read_value},
};
use crate::{
    field_key::FieldKey,
    json::{ObjectWriter, RawObject},
};

/// The entries that a [`FromMetadata`](crate::FromMetadata) implementation reads from.
///
/// The reader tracks which keys were read, so that a map or a [`Metadata`] that is flattened beside other fields receives
/// the rest. A derived struct first excludes the keys of all its fields from the rest, including those of flattened fields,
/// so that the order of the fields does not matter.
pub struct MetadataReader<'a> {
    entries: Vec<Entry<'a>>,
    /// The source of the entries, instead of `entries`, while only a derived struct reads them.
    in_order: Option<InOrder<'a>>,
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
        match self.take(&[FieldKey::new(key)]) {
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
        self.required_any(&[FieldKey::new(key)])
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
            in_order: None,
        }
    }

    /// Reads entries in the order of the text. What is read is right only if the reader is then at the end.
    pub(super) fn in_order(json: &'a str) -> Self {
        Self {
            entries: Vec::new(),
            in_order: Some(InOrder::new(json)),
        }
    }

    /// Returns `true` if each entry was read in order.
    pub(super) fn is_at_end(&self) -> bool {
        self.in_order.as_ref().is_some_and(InOrder::is_at_end)
    }

    /// Returns the value under the first of `keys` that is present: a field's key, then its aliases.
    pub(super) fn get_any<T: DeserializeOwned>(
        &mut self,
        keys: &[FieldKey<'_>],
    ) -> Result<Option<T>, MetadataError> {
        if let Some(in_order) = &mut self.in_order {
            return Ok(in_order.take(keys));
        }
        self.take(keys)
            .map(|(key, raw)| read_value(key, raw))
            .transpose()
    }

    /// Like [`get_any`](Self::get_any), but an absent key is an error unless `T` is an `Option`.
    pub(super) fn required_any<T: DeserializeOwned>(
        &mut self,
        keys: &[FieldKey<'_>],
    ) -> Result<T, MetadataError> {
        match self.get_any(keys)? {
            Some(value) => Ok(value),
            None => read_absent().ok_or_else(|| missing(keys, type_name::<T>())),
        }
    }

    /// Takes the first of `keys` that is present, and the JSON text of its value.
    pub(super) fn take<'k>(&mut self, keys: &[FieldKey<'k>]) -> Option<(&'k str, &'a str)> {
        if let Some(in_order) = &mut self.in_order {
            let value: &RawValue = in_order.take(keys)?;
            return Some((keys.first()?.name(), value.get()));
        }
        let mut found = None;
        for key in keys {
            let key = key.name();
            for entry in self.entries.iter_mut().filter(|entry| entry.key == key) {
                entry.taken = true;
                found = Some((key, entry.raw));
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
pub(super) fn missing(keys: &[FieldKey<'_>], expected: String) -> MetadataError {
    MetadataError::missing(keys.first().map_or("", |key| key.name()), expected)
}
