//! Deserializing the value of one metadata key.

use serde::de::DeserializeOwned;

use super::{error::MetadataError, mismatch::describe, type_name::type_name};

/// The deserializer of `serde_json` for one value.
///
/// It reads bytes, although the text is valid Unicode: `serde_json` 1.0.154 splits the first character of a key that should be
/// a `bool`. That is an error of this deserializer, but an invalid `&str` and a panic of the one for `&str`.
pub(super) type JsonDeserializer<'a, 'text> =
    &'a mut serde_json::Deserializer<serde_json::de::SliceRead<'text>>;

/// Deserializes the JSON text `raw` under `key`.
pub(super) fn read_value<T: DeserializeOwned>(key: &str, raw: &str) -> Result<T, MetadataError> {
    read_value_with(key, raw, type_name::<T>, |deserializer| {
        T::deserialize(deserializer)
    })
}

/// Deserializes the JSON text `raw` under `key`. If `T` cannot be null, null is `None`.
pub(super) fn read_optional<T: DeserializeOwned>(
    key: &str,
    raw: &str,
) -> Result<Option<T>, MetadataError> {
    match read_value(key, raw) {
        Err(_) if raw == "null" => Ok(None),
        result => result.map(Some),
    }
}

/// Deserializes the JSON text `raw` under `key` with `read`. An error contains `expected`.
pub(super) fn read_value_with<T>(
    key: &str,
    raw: &str,
    expected: impl FnOnce() -> String,
    read: impl FnOnce(JsonDeserializer<'_, '_>) -> Result<T, serde_json::Error>,
) -> Result<T, MetadataError> {
    let mut deserializer = serde_json::Deserializer::from_slice(raw.as_bytes());
    read(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        // The error of serde_json quotes the value, so it is dropped here.
        .map_err(|error| MetadataError::mismatch(key, expected(), describe(raw, &error)))
}
