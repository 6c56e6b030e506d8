//! Metadata as a JSON object, kept as text.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    compare, error::MetadataError, serializer::to_json, shown_key::ShownKeys, value::read_value,
};
use crate::json::{ObjectWriter, RawObject};

/// The `metadata` of a checkout: a JSON object that keeps its original text.
///
/// Key order, `1.10`, integers beyond 2^53 and all escapes are preserved on the way to Kelviq and back.
/// [`insert`](Self::insert) and [`merge`](Self::merge) preserve the text of the values; they rewrite the keys, which can
/// change how a key is escaped.
///
/// Most applications write and read metadata with a struct that derives
/// [`CheckoutMetadata`](macro@crate::CheckoutMetadata). The methods here are for metadata whose keys are not known at
/// compile time.
///
/// ```
/// use kelviq_core::Metadata;
///
/// let mut metadata = Metadata::from_json(r#"{"order_ref":"ABC-123","price":1.10}"#)?;
/// metadata.insert("seats", &5)?;
/// assert_eq!(metadata.as_json(), r#"{"order_ref":"ABC-123","price":1.10,"seats":5}"#);
/// assert_eq!(metadata.get::<u32>("seats")?, Some(5));
/// # Ok::<(), kelviq_core::MetadataError>(())
/// ```
///
/// # Details
///
/// - **Equality** compares the text byte for byte. Comparing with a [`serde_json::Value`] compares the JSON instead, and
///   ignores key order and white space.
/// - **Duplicate keys** are preserved. Reading returns the last one, as in JavaScript.
/// - **`null`** under a key is preserved and reads as `None`. If a checkout's metadata is `null` as a whole, it has no
///   entries.
/// - **Floating point numbers** are read with the bits that were written. On wasm this needs the feature `float_roundtrip` of
///   `serde_json`, which this crate enables on all other targets. An `f32` is written in its shortest form, such as
///   `0.1`; it is equal to `json!(0.1)`, but not to `json!(0.1_f32)`, which is `0.10000000149011612`.
/// - **NaN and infinities** do not exist in JSON. Writing one is an error, also inside another value. A
///   [`serde_json::Value`] cannot contain them: `json!(f64::NAN)` is `null`.
/// - **Invalid text**: anything but an object, and keys that are not Unicode, are rejected when the text is parsed.
///
/// Metadata must not contain secrets or card data, because Kelviq stores it and shows it in its dashboard. `Debug` shows
/// the keys only: the first 32, at most 64 characters of each, escaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Metadata {
    json: String,
}

impl Metadata {
    /// Creates metadata without entries: `{}`.
    pub fn new() -> Self {
        Self { json: "{}".into() }
    }

    /// Creates metadata from the text of a JSON object. The text is kept as it is, except for white space around it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a JSON object, or if one of its keys is not Unicode.
    pub fn from_json(json: impl Into<String>) -> Result<Self, MetadataError> {
        let mut json = json.into();
        if RawObject::parse(&json).is_err() {
            return Err(MetadataError::not_an_object(&json));
        }
        let trimmed = json.trim_ascii();
        if trimmed.len() != json.len() {
            json = trimmed.to_owned();
        }
        Ok(Self { json })
    }

    /// Creates metadata from a value that serde serializes as an object: a map, a struct, a [`serde_json::Value`].
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized, or is not serialized as an object.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, MetadataError> {
        to_json(value)
            .map_err(|error| MetadataError::not_serializable(None, &error))
            .and_then(Self::from_json)
    }

    /// Returns the JSON text.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// Returns `true` if there are no entries.
    pub fn is_empty(&self) -> bool {
        self.object().entries().is_empty()
    }

    /// Returns the keys in the order of the text.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.iter().map(|(key, _)| key)
    }

    /// Returns the entries in the order of the text, each value as its JSON text.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        let entries = self.object().entries().to_vec();
        entries.into_iter().map(|(key, value)| (key, value.get()))
    }

    /// Returns the value under `key`, or `None` if the key is absent.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be deserialized as `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, MetadataError> {
        match self.object().raw(key) {
            Some(raw) => read_value(key, raw)
                .map(Some)
                .map_err(|error| error.with_raw(&self.json)),
            None => Ok(None),
        }
    }

    /// Returns the JSON text of the value under `key`.
    pub fn get_json(&self, key: &str) -> Option<&str> {
        self.object().raw(key)
    }

    /// Sets the value under `key`. An existing entry is replaced where it is, a new one is added at the end. White space
    /// between entries is removed.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized. The metadata is then unchanged.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        let value =
            to_json(value).map_err(|error| MetadataError::not_serializable(Some(key), &error))?;
        self.set(key, &value);
        Ok(())
    }

    /// Adds the entries of `other`, which replace entries with the same key.
    ///
    /// Pass the server's own metadata as `other`, so that earlier entries cannot override it.
    pub fn merge(&mut self, other: &Metadata) {
        let (mine, theirs) = (self.object(), other.object());
        // The last of several duplicate keys.
        let newest: HashMap<&str, &str> = theirs
            .entries()
            .iter()
            .map(|(key, value)| (&**key, value.get()))
            .collect();
        let mut written = HashSet::new();
        let mut writer = ObjectWriter::default();
        for (key, value) in mine.entries() {
            match newest.get(&**key) {
                Some(newest) if written.insert(&**key) => writer.raw_field(key, newest),
                Some(_) => {}
                None => writer.raw_field(key, value.get()),
            }
        }
        for (key, _) in theirs.entries() {
            if let Some(newest) = newest.get(&**key)
                && written.insert(key)
            {
                writer.raw_field(key, newest);
            }
        }
        self.json = writer.finish();
    }

    /// Creates metadata from the entries in `writer`.
    pub(super) fn from_writer(writer: ObjectWriter) -> Self {
        Self {
            json: writer.finish(),
        }
    }

    /// Returns the entries in the order of the text, and only the last of several duplicate keys.
    pub(super) fn last_entries(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        let entries: Vec<_> = self.iter().collect();
        let last: HashMap<Cow<'_, str>, usize> = entries
            .iter()
            .enumerate()
            .map(|(at, (key, _))| (key.clone(), at))
            .collect();
        entries
            .into_iter()
            .enumerate()
            .filter(move |(at, (key, _))| last.get(key) == Some(at))
            .map(|(_, entry)| entry)
    }

    pub(super) fn object(&self) -> RawObject<'_> {
        // Cannot fail: the text was parsed when the metadata was created, and is changed only by whole entries.
        RawObject::parse(&self.json).unwrap_or_default()
    }

    fn set(&mut self, key: &str, json: &str) {
        let mut pending = Some(json);
        let mut writer = ObjectWriter::default();
        for (name, value) in self.object().entries() {
            if name != key {
                writer.raw_field(name, value.get());
            } else if let Some(json) = pending.take() {
                writer.raw_field(name, json);
            }
        }
        if let Some(json) = pending {
            writer.raw_field(key, json);
        }
        self.json = writer.finish();
    }
}

impl Default for Metadata {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = self.object();
        let keys = object.entries().iter().map(|(key, _)| key);
        f.debug_struct("Metadata")
            .field("keys", &ShownKeys(keys))
            .finish_non_exhaustive()
    }
}

impl FromStr for Metadata {
    type Err = MetadataError;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        Self::from_json(json)
    }
}

/// Compares as JSON, ignoring key order and white space.
impl PartialEq<serde_json::Value> for Metadata {
    fn eq(&self, other: &serde_json::Value) -> bool {
        compare::is_same(&self.json, other)
    }
}
