//! Writing: from an app's value to the metadata text.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use serde::Serialize;

use super::{
    Metadata, MetadataError, MetadataKeys,
    entry::{EntrySerializer, JsonEntrySerializer},
};
use crate::json::ObjectWriter;

/// A value that can leave as checkout metadata. [`#[derive(CheckoutMetadata)]`](macro@crate::CheckoutMetadata)
/// implements it.
///
/// By hand it is written where a derive cannot say it:
///
/// ```
/// use kelviq_core::{MetadataError, MetadataKeys, MetadataWriter, ToMetadata};
///
/// struct Seats { from: u32, to: u32 }
///
/// impl ToMetadata for Seats {
///     const KEYS: MetadataKeys = MetadataKeys::new(&["seats"]);
///
///     fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
///         writer.entry("seats", &format!("{}-{}", self.from, self.to))
///     }
/// }
///
/// assert_eq!(Seats { from: 2, to: 5 }.to_metadata()?.as_json(), r#"{"seats":"2-5"}"#);
/// # Ok::<(), MetadataError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be checkout metadata",
    label = "this type has no metadata keys",
    note = "put `#[derive(CheckoutMetadata)]` on `{Self}`, or build a `Metadata` with `Metadata::from_serialize`",
    note = "what can be flattened: a type with that derive, an `Option` or `Box` of one, `Metadata`, and `BTreeMap` or \
            `HashMap` with keys of `String`"
)]
pub trait ToMetadata {
    /// The keys that [`write_metadata`](Self::write_metadata) may write, as far as the type says.
    const KEYS: MetadataKeys = MetadataKeys::DYNAMIC;

    /// [`KEYS`](Self::KEYS) and the aliases under which they are read: no other field may have one of them.
    #[doc(hidden)]
    const READ_KEYS: MetadataKeys = Self::KEYS;

    /// Writes the entries, in order.
    ///
    /// # Errors
    ///
    /// When a value does not serialise, a key is written twice, or a flattened map has the key of a field; the error names
    /// the key.
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError>;

    /// The entries as [`Metadata`].
    ///
    /// # Errors
    ///
    /// Like [`write_metadata`](Self::write_metadata).
    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        let mut writer = MetadataWriter::default();
        self.write_metadata(&mut writer)?;
        Ok(Metadata {
            json: writer.object.finish(),
        })
    }
}

/// Takes the entries of a [`ToMetadata`] value, one after the other.
#[derive(Default)]
pub struct MetadataWriter {
    object: ObjectWriter,
    written: HashSet<String>,
    /// The keys of fields, which are not for maps.
    reserved: HashSet<&'static str>,
}

impl MetadataWriter {
    /// Writes one entry; a `None` writes nothing.
    ///
    /// # Errors
    ///
    /// When the value does not serialise, or the key is there already; the error names the key.
    pub fn entry<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        self.entry_with(key, |serializer| value.serialize(serializer))
    }

    pub(super) fn entry_with(
        &mut self,
        key: &str,
        serialize: impl FnOnce(JsonEntrySerializer<'_, '_>) -> Result<(), serde_json::Error>,
    ) -> Result<(), MetadataError> {
        let written = self.object.field_with(key, |text| {
            serialize(EntrySerializer::new(&mut serde_json::Serializer::new(text)))
        });
        match written {
            // Only maps and hand-written impls can meet a key again; the derive's own keys are told apart at compile time.
            Ok(true) if !self.written.insert(key.to_owned()) => Err(MetadataError::twice(key)),
            Ok(_) => Ok(()),
            Err(_) => Err(MetadataError::not_serializable(Some(key))),
        }
    }

    pub(super) fn reserve(&mut self, keys: MetadataKeys) {
        keys.each(&mut |key| {
            self.reserved.insert(key);
        });
    }

    /// An entry whose key is data.
    fn dynamic_entry<T: Serialize>(&mut self, key: &str, value: &T) -> Result<(), MetadataError> {
        self.free(key)?;
        self.entry(key, value)
    }

    fn raw_entry(&mut self, key: &str, json: &str) -> Result<(), MetadataError> {
        self.free(key)?;
        if !self.written.insert(key.to_owned()) {
            return Err(MetadataError::twice(key));
        }
        self.object.raw_field(key, json);
        Ok(())
    }

    fn free(&self, key: &str) -> Result<(), MetadataError> {
        if self.reserved.contains(key) {
            return Err(MetadataError::taken(key));
        }
        Ok(())
    }
}

/// Shows keys only.
impl fmt::Debug for MetadataWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetadataWriter")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

impl<T: ToMetadata + ?Sized> ToMetadata for &T {
    const KEYS: MetadataKeys = T::KEYS;
    const READ_KEYS: MetadataKeys = T::READ_KEYS;

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        (**self).write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        (**self).to_metadata()
    }
}

/// `None` writes no entries.
impl<T: ToMetadata> ToMetadata for Option<T> {
    const KEYS: MetadataKeys = T::KEYS;
    const READ_KEYS: MetadataKeys = T::READ_KEYS;

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.iter()
            .try_for_each(|value| value.write_metadata(writer))
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        self.as_ref()
            .map_or_else(|| Ok(Metadata::new()), T::to_metadata)
    }
}

impl<T: ToMetadata + ?Sized> ToMetadata for Box<T> {
    const KEYS: MetadataKeys = T::KEYS;
    const READ_KEYS: MetadataKeys = T::READ_KEYS;

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        (**self).write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        (**self).to_metadata()
    }
}

/// All entries as they are; of duplicate keys the last.
impl ToMetadata for Metadata {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.newest()
            .try_for_each(|(key, value)| writer.raw_entry(&key, value))
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        Ok(self.clone())
    }
}

/// Each key with its value, in the order of the map.
impl<V: Serialize> ToMetadata for BTreeMap<String, V> {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.iter()
            .try_for_each(|(key, value)| writer.dynamic_entry(key, value))
    }
}

/// Each key with its value, in no particular order.
impl<V: Serialize, S> ToMetadata for HashMap<String, V, S> {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.iter()
            .try_for_each(|(key, value)| writer.dynamic_entry(key, value))
    }
}
