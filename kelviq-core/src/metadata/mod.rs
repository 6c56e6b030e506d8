//! Checkout metadata: a JSON object that leaves with the checkout and comes back, byte for byte, on `checkout.completed`.

mod answer;
mod compare;
mod entry;
mod error;
mod explain;
mod keys;
mod kind;
mod misfit;
mod parts;
#[doc(hidden)]
pub mod private;
mod read;
mod write;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};

#[doc = include_str!("derive.md")]
pub use kelviq_derive::CheckoutMetadata;
use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    error::MetadataError,
    keys::MetadataKeys,
    read::{FromMetadata, MetadataReader},
    write::{MetadataWriter, ToMetadata},
};
use crate::json::{ObjectWriter, RawObject};

/// The `metadata` of a checkout: a JSON object, kept as the text that it was written as or arrived as.
///
/// Because the text itself is kept, key order, `1.10`, integers beyond 2^53 and every escape survive the way to Kelviq and
/// back. [`insert`](Self::insert) and [`merge`](Self::merge) keep every byte of the values and write the keys anew, where an
/// escape may take another form. Usually a struct with `#[derive(CheckoutMetadata)]` writes and reads it; the methods here are for
/// metadata whose shape is not known at compile time.
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
/// # What counts
///
/// - **Equality** compares the text, byte for byte. Comparing with a [`serde_json::Value`] compares the JSON instead,
///   in which neither key order nor white space counts.
/// - **Duplicate keys** are kept as they are; reading takes the last one, as JavaScript does.
/// - **`null`** under a key is kept and reads as `None`. A checkout whose metadata is `null` as a whole has no entries.
/// - **NaN and infinities** do not exist in JSON: serde writes `null` for them.
/// - **Anything but an object**, and keys that are not Unicode, are refused when the text comes in.
///
/// It must not hold secrets or card data: it is stored by Kelviq and shown in its dashboard. `Debug` shows the keys only.
#[derive(Clone, PartialEq, Eq)]
pub struct Metadata {
    json: String,
}

impl Metadata {
    /// No entries: `{}`.
    pub fn new() -> Self {
        Self { json: "{}".into() }
    }

    /// Takes the text of a JSON object; the bytes stay as they are, but for white space around them.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON object, or a key in it is not Unicode.
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

    /// Writes any value that serde serialises as an object: a map, a struct, a [`serde_json::Value`].
    ///
    /// # Errors
    ///
    /// When the value does not serialise, or not as an object.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, MetadataError> {
        serde_json::to_string(value)
            .map_err(|_| MetadataError::not_serializable(None))
            .and_then(Self::from_json)
    }

    /// The JSON text.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.object().entries().is_empty()
    }

    /// The keys, in the order of the text.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.iter().map(|(key, _)| key)
    }

    /// The entries, in the order of the text, each value as its JSON text.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        let entries = self.object().entries().to_vec();
        entries.into_iter().map(|(key, value)| (key, value.get()))
    }

    /// The value under `key` as `T`; `None` when the key is absent.
    ///
    /// # Errors
    ///
    /// When the value is something else than `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, MetadataError> {
        match self.object().raw(key) {
            Some(raw) => read::value(key, raw)
                .map(Some)
                .map_err(|error| error.with_raw(&self.json)),
            None => Ok(None),
        }
    }

    /// The value under `key` as the JSON text that it is.
    pub fn get_json(&self, key: &str) -> Option<&str> {
        self.object().raw(key)
    }

    /// Sets `key`, in its place if it is there, else at the end. White space between entries is not kept.
    ///
    /// # Errors
    ///
    /// When the value does not serialise; nothing is changed then.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), MetadataError> {
        let value =
            serde_json::to_string(value).map_err(|_| MetadataError::not_serializable(Some(key)))?;
        self.set(key, &value);
        Ok(())
    }

    /// Adds the entries of `other`, which win over entries of the same key.
    ///
    /// Let the server's own metadata be `other`, so that nothing given before can override it.
    pub fn merge(&mut self, other: &Metadata) {
        let (mine, theirs) = (self.object(), other.object());
        // Of duplicate keys the last counts.
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
        let json = writer.finish();
        self.json = json;
    }

    /// The entries in the order of the text, of duplicate keys only the last.
    fn newest(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
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

    /// Reads the whole as a struct with `#[derive(CheckoutMetadata)]`.
    ///
    /// # Errors
    ///
    /// When a key is missing or holds something else than the struct says; the error names the key.
    pub fn parse<T: FromMetadata>(&self) -> Result<T, MetadataError> {
        T::from_metadata(self)
    }

    fn object(&self) -> RawObject<'_> {
        // The text was read once when it came in, and only whole entries are written after.
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
        let keys: Vec<_> = self.keys().collect();
        f.debug_struct("Metadata")
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}

impl FromStr for Metadata {
    type Err = MetadataError;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        Self::from_json(json)
    }
}

/// Compares as JSON: neither key order nor white space counts.
impl PartialEq<serde_json::Value> for Metadata {
    fn eq(&self, other: &serde_json::Value) -> bool {
        compare::is_same(&self.json, other)
    }
}
