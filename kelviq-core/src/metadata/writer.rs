//! Writing entries one by one.

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
};

use serde::Serialize;

use super::{
    error::MetadataError,
    keys::MetadataKeys,
    object::Metadata,
    serializer::{EntrySerializer, ValueSerializer, WhenNone},
    shown_key::{MAX_KEYS, ShownKey},
};
use crate::json::ObjectWriter;

/// The entries that a [`ToMetadata`](crate::ToMetadata) implementation writes to.
#[derive(Default)]
pub struct MetadataWriter {
    object: ObjectWriter,
    written: HashSet<String>,
    /// The keys of fields, which a flattened map must not write.
    reserved: HashSet<&'static str>,
}

impl MetadataWriter {
    /// Writes one entry. If `value` is `None`, writes nothing.
    ///
    /// # Errors
    ///
    /// Returns an error that names the key if the value cannot be serialized, or if the key was already written.
    pub fn entry<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        self.entry_with(key, WhenNone::Omit, |serializer| {
            value.serialize(serializer)
        })
    }

    pub(super) fn entry_with(
        &mut self,
        key: &str,
        when_none: WhenNone,
        serialize: impl FnOnce(EntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
    ) -> Result<(), MetadataError> {
        let written = self.object.field_with(key, |text| {
            let mut json = serde_json::Serializer::new(text);
            serialize(ValueSerializer::new(&mut json, when_none))
        });
        match written {
            // Only maps and manual implementations can repeat a key. The derive checks its own keys at compile time.
            Ok(true) if !self.written.insert(key.to_owned()) => {
                Err(MetadataError::written_twice(key))
            }
            Ok(_) => Ok(()),
            Err(error) => Err(MetadataError::not_serializable(Some(key), &error)),
        }
    }

    /// Prevents flattened maps from writing `keys`.
    pub(super) fn reserve(&mut self, keys: MetadataKeys) {
        keys.for_each(&mut |key| {
            self.reserved.insert(key);
        });
    }

    /// Writes an entry of a map.
    pub(super) fn map_entry<T: Serialize>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        self.check_not_reserved(key)?;
        self.entry(key, value)
    }

    /// Writes an entry of a map whose value is already JSON text.
    pub(super) fn raw_map_entry(&mut self, key: &str, json: &str) -> Result<(), MetadataError> {
        self.check_not_reserved(key)?;
        if !self.written.insert(key.to_owned()) {
            return Err(MetadataError::written_twice(key));
        }
        self.object.raw_field(key, json);
        Ok(())
    }

    /// Returns the written entries.
    pub(super) fn finish(self) -> Metadata {
        Metadata::from_writer(self.object)
    }

    fn check_not_reserved(&self, key: &str) -> Result<(), MetadataError> {
        if self.reserved.contains(key) {
            return Err(MetadataError::key_of_field(key));
        }
        Ok(())
    }
}

/// Shows the keys only.
impl fmt::Debug for MetadataWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.written.iter().take(MAX_KEYS).map(|key| ShownKey(key));
        f.debug_struct("MetadataWriter")
            .field("written", &shown.collect::<BTreeSet<_>>())
            .finish_non_exhaustive()
    }
}
