//! Reading: from the metadata text to an app's value.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    hash::BuildHasher,
};

use serde::de::DeserializeOwned;

use super::{
    Metadata, MetadataError, MetadataKeys,
    explain::{self, Explain},
    misfit::Misfit,
};
use crate::json::{ObjectWriter, RawObject};

/// A value that can be read back from checkout metadata. [`#[derive(CheckoutMetadata)]`](macro@crate::CheckoutMetadata)
/// implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from checkout metadata",
    label = "this type has no metadata keys",
    note = "put `#[derive(CheckoutMetadata)]` on `{Self}`, or read it as `Metadata` and take values with `Metadata::get`"
)]
pub trait FromMetadata: Sized {
    /// Reads the value from the entries; keys that it does not know are left alone.
    ///
    /// # Errors
    ///
    /// When a key is missing or holds something else; the error names the key.
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError>;

    /// Whether any of the value's keys is there, with something else than null. An `Option` of it is `None` otherwise.
    fn found_in(reader: &MetadataReader<'_>) -> bool {
        let _ = reader;
        true
    }

    /// Reads the value from [`Metadata`].
    ///
    /// # Errors
    ///
    /// Like [`read_metadata`](Self::read_metadata); the error keeps the whole text.
    fn from_metadata(metadata: &Metadata) -> Result<Self, MetadataError> {
        let mut reader = MetadataReader::new(&metadata.object());
        Self::read_metadata(&mut reader).map_err(|error| error.with_raw(&metadata.json))
    }
}

/// Hands the entries to a [`FromMetadata`] value.
///
/// It notes what was asked for, so that a map or a [`Metadata`] that is flattened beside other fields gets the rest. A
/// derived struct first claims the keys of all its fields, flattened ones too, so that their order does not matter.
pub struct MetadataReader<'a> {
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    key: Cow<'a, str>,
    raw: &'a str,
    taken: bool,
}

impl<'a> MetadataReader<'a> {
    /// The value under `key`; `None` when the key is absent. Of duplicate keys the last counts.
    ///
    /// # Errors
    ///
    /// When the value is something else than `T`.
    pub fn get<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>, MetadataError> {
        self.get_any(&[key])
    }

    /// The value under `key`, which has to be there; but for an `Option`, which is `None` without it.
    ///
    /// # Errors
    ///
    /// When the key is missing, or the value is something else than `T`.
    pub fn required<T: DeserializeOwned>(&mut self, key: &str) -> Result<T, MetadataError> {
        self.required_any(&[key])
    }

    /// Whether `key` is there, with something else than null.
    pub fn has_value(&self, key: &str) -> bool {
        let newest = self.entries.iter().rev().find(|entry| entry.key == key);
        newest.is_some_and(|entry| entry.raw != "null")
    }

    /// Every entry that nobody asked for yet.
    pub fn rest(&mut self) -> Metadata {
        let mut writer = ObjectWriter::default();
        for entry in self.entries.iter_mut().filter(|entry| !entry.taken) {
            entry.taken = true;
            writer.raw_field(&entry.key, entry.raw);
        }
        Metadata {
            json: writer.finish(),
        }
    }

    /// Keeps `keys` out of the [`rest`](Self::rest); they can be read all the same.
    pub(super) fn claim(&mut self, keys: MetadataKeys) {
        let mut claimed = HashSet::new();
        keys.each(&mut |key| {
            claimed.insert(key);
        });
        for entry in &mut self.entries {
            entry.taken |= claimed.contains(&*entry.key);
        }
    }

    fn has_rest(&self) -> bool {
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

    /// The value under the first of `keys` that is there: a key, and its former names.
    pub(super) fn get_any<T: DeserializeOwned>(
        &mut self,
        keys: &[&str],
    ) -> Result<Option<T>, MetadataError> {
        self.take(keys)
            .map(|(key, raw)| value(key, raw))
            .transpose()
    }

    pub(super) fn required_any<T: DeserializeOwned>(
        &mut self,
        keys: &[&str],
    ) -> Result<T, MetadataError> {
        match self.take(keys) {
            Some((key, raw)) => value(key, raw),
            None => absent(keys, |nothing| T::deserialize(nothing)),
        }
    }

    /// The first of `keys` that is there, and its text.
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

/// Shows keys only.
impl fmt::Debug for MetadataReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.entries.iter().map(|entry| &entry.key).collect();
        f.debug_struct("MetadataReader")
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}

/// `None` where none of its keys is there.
impl<T: FromMetadata> FromMetadata for Option<T> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        T::found_in(reader)
            .then(|| T::read_metadata(reader))
            .transpose()
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        T::found_in(reader)
    }

    fn from_metadata(metadata: &Metadata) -> Result<Self, MetadataError> {
        T::found_in(&MetadataReader::new(&metadata.object()))
            .then(|| T::from_metadata(metadata))
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

    fn from_metadata(metadata: &Metadata) -> Result<Self, MetadataError> {
        T::from_metadata(metadata).map(Self::new)
    }
}

/// Beside other fields, the entries that they leave.
impl FromMetadata for Metadata {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        Ok(reader.rest())
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }

    fn from_metadata(metadata: &Metadata) -> Result<Self, MetadataError> {
        Ok(metadata.clone())
    }
}

/// Beside other fields, the entries that they leave.
impl<V: DeserializeOwned> FromMetadata for BTreeMap<String, V> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        map(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }
}

/// Beside other fields, the entries that they leave.
impl<V: DeserializeOwned, S: BuildHasher + Default> FromMetadata for HashMap<String, V, S> {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        map(reader)
    }

    fn found_in(reader: &MetadataReader<'_>) -> bool {
        reader.has_rest()
    }
}

fn map<V, M>(reader: &mut MetadataReader<'_>) -> Result<M, MetadataError>
where
    V: DeserializeOwned,
    M: FromIterator<(String, V)>,
{
    let rest = reader.rest();
    let entry = |(key, raw): (Cow<'_, str>, &str)| Ok((key.to_string(), value(&key, raw)?));
    rest.newest().map(entry).collect()
}

/// The deserializer of `serde_json` for one value.
pub(super) type JsonDeserializer<'a, 'text> =
    &'a mut serde_json::Deserializer<serde_json::de::StrRead<'text>>;

/// One value; an error names the key, what was expected, and the kind of what was found.
pub(super) fn value<T: DeserializeOwned>(key: &str, raw: &str) -> Result<T, MetadataError> {
    value_with(
        key,
        raw,
        |json| T::deserialize(json),
        |again| T::deserialize(again),
    )
}

/// The same, by a function that is there twice: for the text, and for an explanation if the text does not fit.
pub(super) fn value_with<T>(
    key: &str,
    raw: &str,
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
    explain: impl FnOnce(Explain<'_>) -> Result<T, Misfit>,
) -> Result<T, MetadataError> {
    let mut deserializer = serde_json::Deserializer::from_str(raw);
    read(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|_| MetadataError::misfit(key, explain::misfit(raw, explain), raw))
}

/// What an absent key reads as: `None` for an `Option`, an error for any other type.
pub(super) fn absent<T>(
    keys: &[&str],
    explain: impl FnOnce(Explain<'_>) -> Result<T, Misfit>,
) -> Result<T, MetadataError> {
    explain(Explain::absent())
        .map_err(|misfit| MetadataError::missing(keys.first().copied().unwrap_or_default(), misfit))
}
