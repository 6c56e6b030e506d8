//! JSON objects as text: writing them key by key, and reading them as entries whose values are still text.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    field_key::FieldKey,
    plain_decimal::{is_plain_decimal, whole_number},
};

/// A JSON object that is being written as text.
#[derive(Debug)]
pub(crate) struct ObjectWriter {
    text: Vec<u8>,
}

impl Default for ObjectWriter {
    fn default() -> Self {
        Self::with_capacity(128)
    }
}

impl ObjectWriter {
    /// Creates a writer with space for a text of this length.
    pub(crate) fn with_capacity(length: usize) -> Self {
        Self {
            text: Vec::with_capacity(length),
        }
    }

    /// Appends `"key":value`.
    #[cfg(feature = "client")]
    pub(crate) fn field<T: serde::Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        self.field_with(FieldKey::new(key), |text| {
            serde_json::to_writer(text, value)
        })
        .map(drop)
    }

    /// Appends `"key":` and the text that `write` appends. If `write` appends nothing, the key is omitted too, and the result is
    /// `false`.
    pub(crate) fn field_with<E>(
        &mut self,
        key: FieldKey<'_>,
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

    /// Appends `"key":value` if `value` is `Some`.
    #[cfg(feature = "client")]
    pub(crate) fn optional<T: serde::Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: Option<&T>,
    ) -> Result<(), serde_json::Error> {
        value.map_or(Ok(()), |value| self.field(key, value))
    }

    /// Appends `"key":` and a value that is already JSON text.
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        self.key(FieldKey::new(key));
        self.text.extend_from_slice(json.as_bytes());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the keys so far.
    pub(crate) fn keys(&self) -> Vec<String> {
        let text = Self {
            text: self.text.clone(),
        };
        // Cannot fail: only whole entries are appended.
        let object = RawObject::parse(&text.finish())
            .map(|object| object.into_keys().map(Cow::into_owned).collect());
        object.unwrap_or_default()
    }

    /// Returns the text of the object.
    #[inline]
    pub(crate) fn finish(mut self) -> String {
        if self.text.is_empty() {
            self.text.push(b'{');
        }
        self.text.push(b'}');
        // The text consists of `&str`s and the output of serde_json, so it is valid UTF-8.
        String::from_utf8(self.text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    #[inline]
    fn key(&mut self, key: FieldKey<'_>) {
        let start = if self.text.is_empty() { b'{' } else { b',' };
        if let Some(name) = key.plain() {
            self.text.extend_from_slice(&[start, b'"']);
            self.text.extend_from_slice(name.as_bytes());
            self.text.extend_from_slice(b"\":");
        } else {
            self.text.push(start);
            #[expect(clippy::expect_used, reason = "a string can be written into a Vec")]
            serde_json::to_writer(&mut self.text, key.name())
                .expect("a string can be written into a Vec");
            self.text.push(b':');
        }
    }
}

/// The entries of a JSON object in the order of the text. The values are not parsed.
#[derive(Debug, Default)]
pub(crate) struct RawObject<'a> {
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> RawObject<'a> {
    /// Parses the entries. Fails for anything but an object whose keys are Unicode.
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Parses the entries and omits those whose keys are not Unicode. Returns `None` for anything but an object.
    pub(crate) fn parse_lenient(text: &'a str) -> Option<Self> {
        let LenientObject(object) = serde_json::from_str(text).ok()?;
        Some(object)
    }

    /// Returns all entries, including those with duplicate keys.
    pub(crate) fn entries(&self) -> &[(Cow<'a, str>, &'a RawValue)] {
        &self.entries
    }

    /// Returns the keys of all entries.
    pub(crate) fn into_keys(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.entries.into_iter().map(|(key, _)| key)
    }

    /// Returns the text of the value under `key`. The last of several duplicate keys counts, as in JavaScript.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        let mut last_first = self.entries.iter().rev();
        last_first
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.get())
    }

    /// Returns the value under `key` as `T`; `None` if the key is absent, or if its value is null or not a `T`.
    pub(crate) fn get<T: Lenient>(&self, key: &str) -> Option<T> {
        self.raw(key)
            .filter(|json| *json != "null")
            .and_then(T::read)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(|Key(key)| Some(key)))
    }
}

/// A [`RawObject`] that omits the entries whose keys are not Unicode.
struct LenientObject<'a>(RawObject<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for LenientObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let unicode_key = |key: &'de RawValue| {
            let Key(key) = serde_json::from_str(key.get()).ok()?;
            Some(key)
        };
        deserializer.deserialize_map(Entries(unicode_key)).map(Self)
    }
}

/// Collects entries whose keys are deserialized as `K` and then converted to text. Entries whose conversion fails are omitted.
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

/// A key or another string, borrowed from the text unless it contains escapes.
#[derive(Deserialize)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// A type that treats invalid JSON values like absent ones.
pub(crate) trait Lenient: Sized {
    /// Reads the value from JSON text that is not `null`. Returns `None` if it is not a valid value of the type.
    fn read(json: &str) -> Option<Self>;

    /// Deserializes a value or null as [`read`](Self::read) does. Fails for valid JSON only if it is not of the usual type.
    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        let json = Option::<&RawValue>::deserialize(deserializer)?;
        Ok(json.and_then(|json| Self::read(json.get())))
    }
}

/// Reads a string, or the text of a number in plain decimal notation: an id can be a number in some responses.
impl Lenient for String {
    fn read(json: &str) -> Option<Self> {
        if is_plain_decimal(json) {
            return Some(json.to_owned());
        }
        serde_json::from_str(json).ok()
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// Reads a whole number, also as `2100.0` and as text.
impl Lenient for i64 {
    fn read(json: &str) -> Option<Self> {
        whole_number(&String::read(json)?)
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// Reads a boolean, also as text.
impl Lenient for bool {
    fn read(json: &str) -> Option<Self> {
        json.parse()
            .ok()
            .or_else(|| String::read(json)?.parse().ok())
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}
