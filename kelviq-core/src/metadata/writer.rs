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
use crate::{field_key::FieldKey, json::ObjectWriter};

/// The entries that a [`ToMetadata`](crate::ToMetadata) implementation writes to.
#[derive(Default)]
pub struct MetadataWriter {
    object: ObjectWriter,
    /// `None` while all keys are those of a single derived struct, which the compiler has checked.
    tracked: Option<Box<Tracked>>,
}

struct Tracked {
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
        self.track_keys();
        self.entry_with(FieldKey::new(key), WhenNone::Omit, |serializer| {
            value.serialize(serializer)
        })
    }

    /// Starts the entries of a derived struct.
    pub(super) fn start_struct(&mut self) {
        if !self.object.is_empty() {
            self.track_keys();
        }
    }

    /// Writes one entry, whose key is compared with those before only if keys are tracked.
    pub(super) fn entry_with(
        &mut self,
        key: FieldKey<'_>,
        when_none: WhenNone,
        serialize: impl FnOnce(EntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
    ) -> Result<(), MetadataError> {
        let written = self.object.field_with(key, |text| {
            let mut json = serde_json::Serializer::new(text);
            serialize(ValueSerializer::new(&mut json, when_none))
        });
        match written {
            Ok(true) => self.check_not_written(key.name()),
            Ok(false) => Ok(()),
            Err(error) => Err(MetadataError::not_serializable(Some(key.name()), &error)),
        }
    }

    /// Prevents flattened maps from writing `keys`.
    pub(super) fn reserve(&mut self, keys: MetadataKeys) {
        let tracked = self.track_keys();
        keys.for_each(&mut |key| {
            tracked.reserved.insert(key);
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
        self.track_keys();
        self.check_not_written(key)?;
        self.object.raw_field(key, json);
        Ok(())
    }

    /// Returns the written entries.
    #[inline]
    pub(super) fn finish(self) -> Metadata {
        Metadata::from_writer(self.object)
    }

    fn track_keys(&mut self) -> &mut Tracked {
        self.tracked.get_or_insert_with(|| {
            Box::new(Tracked {
                written: self.object.keys().into_iter().collect(),
                reserved: HashSet::new(),
            })
        })
    }

    /// Adds a tracked key.
    fn check_not_written(&mut self, key: &str) -> Result<(), MetadataError> {
        if let Some(tracked) = &mut self.tracked
            && !tracked.written.insert(key.to_owned())
        {
            return Err(MetadataError::written_twice(key));
        }
        Ok(())
    }

    fn check_not_reserved(&self, key: &str) -> Result<(), MetadataError> {
        match &self.tracked {
            Some(tracked) if tracked.reserved.contains(key) => {
                Err(MetadataError::key_of_field(key))
            }
            _ => Ok(()),
        }
    }
}

/// Shows the keys only.
impl fmt::Debug for MetadataWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.object.keys();
        let shown = keys.iter().take(MAX_KEYS).map(|key| ShownKey(key));
        f.debug_struct("MetadataWriter")
            .field("written", &shown.collect::<BTreeSet<_>>())
            .finish_non_exhaustive()
    }
}
