//! Metadata as a JSON object, kept as text.

use std::{fmt, mem, str::FromStr, sync::OnceLock, vec};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    compare,
    entries::Entries,
    error::MetadataError,
    serializer::{WhenNone, to_json},
    shown_key::ShownKeys,
    value::read_optional,
};
use crate::json::{ObjectWriter, RawObject};

/// The `metadata` of a checkout: a JSON object that keeps its original text.
///
/// Key order, `1.10`, integers beyond 2^53 and all escapes are preserved on the way to Kelviq and back.
/// [`insert`](Self::insert), [`remove`](Self::remove) and [`merge`](Self::merge) preserve the text of the values. They remove
/// white space between entries and rewrite the keys, which can change how a key is escaped.
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
/// - **As a field** of a type that derives serde's traits, or as a database column, the text is preserved as well. This works
///   only with `serde_json` and the crates that use it, such as `axum::Json` and `sqlx::types::Json`, and not below
///   `#[serde(flatten)]`, nor in an internally tagged or untagged enum. Such a field is not read from `null`; make it an
///   `Option`.
/// - **Floating point numbers** are read with the bits that were written. On wasm this needs the feature `float_roundtrip` of
///   `serde_json`, which this crate enables on all other targets. An `f32` is written in its shortest form, such as
///   `0.1`; it is equal to `json!(0.1)`, but not to `json!(0.1_f32)`, which is `0.10000000149011612`.
/// - **NaN and infinities** do not exist in JSON. Writing one is an error, also inside another value. A
///   [`serde_json::Value`] cannot contain them: `json!(f64::NAN)` is `null`.
/// - **Invalid text**: anything but an object, and keys that are not Unicode, are rejected when the text is parsed.
///
/// Metadata must not contain secrets or card data, because Kelviq stores it and shows it in its dashboard. `Debug` shows
/// the keys only: the first 32, at most 64 characters of each, escaped.
#[derive(Clone)]
pub struct Metadata {
    content: Content,
}

#[derive(Clone)]
enum Content {
    /// A text, and its entries when they are needed.
    Text(String, OnceLock<Box<Entries>>),
    /// Changed entries, and their text when it is needed.
    Entries(Box<Entries>, OnceLock<String>),
}

impl Metadata {
    /// Creates metadata without entries: `{}`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates metadata from the text of a JSON object. The text is kept as it is, except for white space around it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a JSON object, or if one of its keys is not Unicode.
    pub fn from_json(json: impl Into<String>) -> Result<Self, MetadataError> {
        let json = json.into();
        if RawObject::parse(&json).is_err() {
            return Err(MetadataError::not_an_object(&json));
        }
        let trimmed = json.trim_ascii();
        let json = if trimmed.len() == json.len() {
            json
        } else {
            trimmed.to_owned()
        };
        Ok(Self::from_valid(json))
    }

    /// Creates metadata from a value that serde serializes as an object: a map, a struct, a [`serde_json::Value`].
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized, or is not serialized as an object.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, MetadataError> {
        to_json(value, WhenNone::Null)
            .map_err(|error| MetadataError::not_serializable(None, &error))
            .and_then(Self::from_json)
    }

    /// Returns the JSON text.
    #[inline]
    pub fn as_json(&self) -> &str {
        match &self.content {
            Content::Text(json, _) => json,
            Content::Entries(entries, json) => json.get_or_init(|| entries.to_json()),
        }
    }

    /// Returns `true` if there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of entries. Each of several duplicate keys counts.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Returns `true` if there is an entry with `key`, even if its value is null.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entries().get(key).is_some()
    }

    /// Returns the keys in the order of the text.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    /// Returns the entries in the order of the text, each value as its JSON text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries().iter()
    }

    /// Returns the value under `key`, or `None` if the key is absent or its value is null.
    ///
    /// If `T` itself can be null, such as an `Option` or a [`serde_json::Value`], a null is read as that `T`.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be deserialized as `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, MetadataError> {
        match self.entries().get(key) {
            Some(raw) => read_optional(key, raw).map_err(|error| error.with_raw(self.as_json())),
            None => Ok(None),
        }
    }

    /// Returns the JSON text of the value under `key`.
    pub fn get_json(&self, key: &str) -> Option<&str> {
        self.entries().get(key)
    }

    /// Sets the value under `key`. An existing entry is replaced where it is, a new one is added at the end.
    ///
    /// If the value is `None`, the entry is removed, so that `get` returns `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized. The metadata is then unchanged.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        let value = to_json(value, WhenNone::Omit)
            .map_err(|error| MetadataError::not_serializable(Some(key), &error))?;
        if value.is_empty() {
            self.remove(key);
        } else {
            self.change(|entries| entries.set(key, value));
        }
        Ok(())
    }

    /// Removes the entry with `key`, and all duplicates of it. Returns the JSON text of its value.
    pub fn remove(&mut self, key: &str) -> Option<String> {
        if !self.contains_key(key) {
            return None;
        }
        self.change(|entries| entries.remove(key))
    }

    /// Adds the entries of `other`, which replace entries with the same key.
    ///
    /// Pass the server's own metadata as `other`, so that earlier entries cannot override it.
    pub fn merge(&mut self, other: &Metadata) {
        let other = other.entries();
        self.change(|entries| {
            for (key, _) in other.iter() {
                if let Some(value) = other.get(key) {
                    entries.set(key, value.to_owned());
                }
            }
        });
    }

    /// Creates metadata from the entries in `writer`.
    #[inline]
    pub(super) fn from_writer(writer: ObjectWriter) -> Self {
        Self::from_valid(writer.finish())
    }

    /// Returns the entries in the order of the text, and only the last of several duplicate keys.
    pub(super) fn last_entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries().last_entries()
    }

    #[inline]
    fn from_valid(json: String) -> Self {
        Self {
            content: Content::Text(json, OnceLock::new()),
        }
    }

    fn entries(&self) -> &Entries {
        match &self.content {
            Content::Text(json, entries) => entries.get_or_init(|| parse_valid(json)),
            Content::Entries(entries, _) => entries,
        }
    }

    /// Changes the entries. The text is then written again when it is needed.
    fn change<R>(&mut self, change: impl FnOnce(&mut Entries) -> R) -> R {
        let mut entries = match mem::take(self).content {
            Content::Text(json, entries) => {
                entries.into_inner().unwrap_or_else(|| parse_valid(&json))
            }
            Content::Entries(entries, _) => entries,
        };
        let result = change(&mut entries);
        self.content = Content::Entries(entries, OnceLock::new());
        result
    }
}

/// Parses the text of metadata.
fn parse_valid(json: &str) -> Box<Entries> {
    // Cannot fail: the text was parsed when the metadata was created.
    Box::new(Entries::new(&RawObject::parse(json).unwrap_or_default()))
}

/// No entries: `{}`.
impl Default for Metadata {
    fn default() -> Self {
        Self::from_valid("{}".to_owned())
    }
}

/// Compares the text byte for byte.
impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl Eq for Metadata {}

/// Iterates over the keys and the JSON text of the values, in the order of the text.
impl<'a> IntoIterator for &'a Metadata {
    type Item = (&'a str, &'a str);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

/// Iterates over the keys and the JSON text of the values, in the order of the text.
impl IntoIterator for Metadata {
    type Item = (String, String);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        let entries = self.iter();
        let entries = entries.map(|(key, value)| (key.to_owned(), value.to_owned()));
        entries.collect::<Vec<_>>().into_iter()
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.entries().iter().map(|(key, _)| key);
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
        compare::is_same(self.as_json(), other)
    }
}
