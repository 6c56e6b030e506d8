//! Types that can be written as metadata.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Serialize;
use serde_json::Value;

use super::{error::MetadataError, keys::MetadataKeys, object::Metadata, writer::MetadataWriter};

/// A type that can be written as checkout metadata.
///
/// [`#[derive(CheckoutMetadata)]`](macro@crate::CheckoutMetadata) implements it.
///
/// # Manual implementation
///
/// Implement the trait by hand if the derive cannot express how the value is written. The keys of the implementation are
/// those of a derived struct:
///
/// ```
/// use kelviq_core::{CheckoutMetadata, MetadataError, MetadataKeys, MetadataWriter, ToMetadata};
///
/// struct Seats { from: u32, to: u32 }
///
/// #[derive(CheckoutMetadata)]
/// struct SeatsText { seats: String }
///
/// impl ToMetadata for Seats {
///     const KEYS: MetadataKeys = SeatsText::KEYS;
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
    note = "derive `CheckoutMetadata` for `{Self}` if it is a struct or enum, or build a `Metadata` with \
            `Metadata::from_serialize`",
    note = "`#[metadata(flatten)]` accepts a type that derives `CheckoutMetadata`, an `Option`, `Box` or `Arc` of one, `Metadata`, \
            `serde_json::Value`, and a `BTreeMap` or `HashMap` whose keys are text",
    note = "without `flatten`, a field of any other type is sent under a key of its own"
)]
pub trait ToMetadata {
    /// The keys that [`write_metadata`](Self::write_metadata) can write, as far as they are known at compile time.
    ///
    /// The default is [`MetadataKeys::DYNAMIC`]. A manual implementation can use the keys of a derived struct.
    const KEYS: MetadataKeys = MetadataKeys::DYNAMIC;

    /// Writes the entries in order.
    ///
    /// # Errors
    ///
    /// Returns an error that names the key if a value cannot be serialized, if a key is written twice, or if a flattened map
    /// contains the key of a field.
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError>;

    /// Returns the entries as [`Metadata`].
    ///
    /// # Errors
    ///
    /// Returns the error of [`write_metadata`](Self::write_metadata).
    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        let mut writer = MetadataWriter::default();
        self.write_metadata(&mut writer)?;
        Ok(writer.finish())
    }
}

impl<T: ToMetadata + ?Sized> ToMetadata for &T {
    const KEYS: MetadataKeys = T::KEYS;

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

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        (**self).write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        (**self).to_metadata()
    }
}

impl<T: ToMetadata + ?Sized> ToMetadata for Arc<T> {
    const KEYS: MetadataKeys = T::KEYS;

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        (**self).write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        (**self).to_metadata()
    }
}

/// Writes all entries unchanged. As a flattened field, writes only the last of several entries with the same key.
impl ToMetadata for Metadata {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.last_entries()
            .try_for_each(|(key, value)| writer.raw_map_entry(key, value))
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        Ok(self.clone())
    }
}

/// Writes the entries in the order of the map.
impl<K: AsRef<str>, V: Serialize> ToMetadata for BTreeMap<K, V> {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.iter()
            .try_for_each(|(key, value)| writer.map_entry(key.as_ref(), value))
    }
}

/// Writes the entries in no particular order.
impl<K: AsRef<str>, V: Serialize, S> ToMetadata for HashMap<K, V, S> {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.iter()
            .try_for_each(|(key, value)| writer.map_entry(key.as_ref(), value))
    }
}

/// Writes the entries of an object: `metadata(json!({"order_ref": "ABC-123"}))`. Any other value is an error.
///
/// It can only be written. To read JSON of any shape, use [`Metadata`].
impl ToMetadata for Value {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.to_metadata()?.write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        Metadata::from_serialize(self)
    }
}
