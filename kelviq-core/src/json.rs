//! JSON objects as text: written key by key, and read as entries whose values stay the text they are.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// Writes one JSON object straight into its text.
#[derive(Debug, Default)]
pub(crate) struct ObjectWriter {
    text: Vec<u8>,
}

impl ObjectWriter {
    /// Appends `"key":value`.
    #[cfg(feature = "client")]
    pub(crate) fn field<T: serde::Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        self.field_with(key, |text| serde_json::to_writer(text, value))
            .map(drop)
    }

    /// Appends `"key":` and what `write` appends; neither when that is nothing. Says whether there is a field now.
    pub(crate) fn field_with<E>(
        &mut self,
        key: &str,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let start = self.text.len();
        self.key(key);
        let value = self.text.len();
        let result = write(&mut self.text);
        let written = result.is_ok() && self.text.len() > value;
        if !written {
            self.text.truncate(start);
        }
        result.map(|()| written)
    }

    /// Appends `"key":value` if there is a value.
    #[cfg(feature = "client")]
    pub(crate) fn optional<T: serde::Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: Option<&T>,
    ) -> Result<(), serde_json::Error> {
        value.map_or(Ok(()), |value| self.field(key, value))
    }

    /// Appends `"key":` and a value that is JSON text already.
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        self.key(key);
        self.text.extend_from_slice(json.as_bytes());
    }

    /// The whole object.
    pub(crate) fn finish(mut self) -> String {
        if self.text.is_empty() {
            self.text.push(b'{');
        }
        self.text.push(b'}');
        // Only JSON that serde_json wrote and `&str`s went in, so nothing is replaced here.
        String::from_utf8(self.text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn key(&mut self, key: &str) {
        self.text
            .push(if self.text.is_empty() { b'{' } else { b',' });
        self.text
            .extend_from_slice(serde_json::Value::from(key).to_string().as_bytes());
        self.text.push(b':');
    }
}

/// The entries of one JSON object, in the order of the text, values unread.
#[derive(Debug, Default)]
pub(crate) struct RawObject<'a> {
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> RawObject<'a> {
    /// Reads the entries; fails for anything but an object with readable keys.
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Reads what can be read: entries whose keys are not Unicode are left out. `None` for anything but an object.
    pub(crate) fn parse_lenient(text: &'a str) -> Option<Self> {
        let LenientObject(object) = serde_json::from_str(text).ok()?;
        Some(object)
    }

    /// All entries, duplicates too.
    pub(crate) fn entries(&self) -> &[(Cow<'a, str>, &'a RawValue)] {
        &self.entries
    }

    /// The keys of all entries.
    pub(crate) fn into_keys(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.entries.into_iter().map(|(key, _)| key)
    }

    /// The value's text. Of two entries with one key the last counts, as in JavaScript.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        let mut newest_first = self.entries.iter().rev();
        newest_first
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.get())
    }

    /// The value as `T`; `None` where the key is absent, null, or holds something else.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str::<Option<T>>(self.raw(key)?)
            .ok()
            .flatten()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(|Key(key)| Some(key)))
    }
}

/// A [`RawObject`] without the entries whose keys are not Unicode.
struct LenientObject<'a>(RawObject<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for LenientObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let readable = |key: &'de RawValue| {
            let Key(key) = serde_json::from_str(key.get()).ok()?;
            Some(key)
        };
        deserializer.deserialize_map(Entries(readable)).map(Self)
    }
}

/// Collects entries whose keys come as `K` and are turned into text; those for which that gives nothing are left out.
struct Entries<'de, K>(fn(K) -> Option<Cow<'de, str>>);

impl<'de, K: Deserialize<'de>> Visitor<'de> for Entries<'de, K> {
    type Value = RawObject<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            let value = map.next_value()?;
            entries.extend((self.0)(key).map(|key| (key, value)));
        }
        Ok(RawObject { entries })
    }
}

/// A key that borrows from the text unless it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value that something else may stand in the place of.
pub(crate) trait Lenient: Sized {
    /// Reads the value from JSON text that is not `null`; `None` where it is something else.
    fn read(json: &str) -> Option<Self>;
}

/// Implements [`Lenient`] for types that serde reads.
macro_rules! lenient_by_serde {
    ($($ty:ty),+) => {
        $(impl $crate::json::Lenient for $ty {
            fn read(json: &str) -> Option<Self> {
                serde_json::from_str(json).ok()
            }
        })+
    };
}

pub(crate) use lenient_by_serde;

lenient_by_serde!(String, bool, i64);
