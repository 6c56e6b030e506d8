//! The error of reading and writing metadata.

use std::{error::Error, fmt};

use serde_json::value::RawValue;

use super::{
    kind::Kind,
    serializer::is_not_finite,
    shown_key::{ShownKey, SingleLine},
};

/// An error of writing metadata, or of reading it as a Rust type.
///
/// It names the key, the Rust type that was expected, and the kind of JSON value that was found: string, number, boolean,
/// null, array or object. The message distinguishes a wrong kind from the right kind with invalid content.
///
/// `Display`, `Debug` and `source` never contain a value, so the error can be logged. Because the keys of a map are data too,
/// they show at most 64 characters of a key, and escape line breaks and other characters that are not visible. [`raw`](Self::raw)
/// returns the JSON text, which may contain personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct MetadataError {
    // Boxed to keep the `Result`s of metadata small.
    inner: Box<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    problem: Problem,
    key: Option<String>,
    raw: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
enum Problem {
    NotAnObject {
        found: &'static str,
    },
    NotSerializable,
    NotFinite,
    WrittenTwice,
    /// A flattened map contains the key of a field.
    KeyOfField,
    Missing {
        expected: String,
    },
    Mismatch {
        expected: String,
        found: &'static str,
    },
    Custom(String),
}

impl MetadataError {
    /// Creates an error for a manual implementation of [`ToMetadata`](crate::ToMetadata) or
    /// [`FromMetadata`](crate::FromMetadata).
    ///
    /// The message appears in logs, so it must not contain values.
    pub fn custom(key: &str, message: impl Into<String>) -> Self {
        Self::new(Problem::Custom(message.into()), Some(key))
    }

    /// Returns the key that is missing or whose value is invalid; `None` if the metadata as a whole is not an object.
    ///
    /// It is complete and not escaped, so do not log a key of a map.
    pub fn key(&self) -> Option<&str> {
        self.inner.key.as_deref()
    }

    /// Returns the JSON text of all metadata if it was being read.
    ///
    /// It may contain personal data, so do not log it.
    pub fn raw(&self) -> Option<&str> {
        self.inner.raw.as_deref()
    }

    pub(super) fn not_an_object(raw: &str) -> Self {
        let is_json = serde_json::from_str::<&RawValue>(raw).is_ok();
        let found = match Kind::of(raw) {
            _ if !is_json => "text that is not JSON",
            Kind::Object => "an object with a key that is not Unicode",
            kind => kind.name(),
        };
        Self::new(Problem::NotAnObject { found }, None).with_raw(raw)
    }

    pub(super) fn not_serializable(key: Option<&str>, error: &serde_json::Error) -> Self {
        let problem = if is_not_finite(error) {
            Problem::NotFinite
        } else {
            Problem::NotSerializable
        };
        Self::new(problem, key)
    }

    pub(super) fn written_twice(key: &str) -> Self {
        Self::new(Problem::WrittenTwice, Some(key))
    }

    pub(super) fn key_of_field(key: &str) -> Self {
        Self::new(Problem::KeyOfField, Some(key))
    }

    pub(super) fn missing(key: &str, expected: String) -> Self {
        Self::new(Problem::Missing { expected }, Some(key))
    }

    pub(super) fn mismatch(key: &str, expected: String, found: &'static str) -> Self {
        Self::new(Problem::Mismatch { expected, found }, Some(key))
    }

    pub(super) fn with_raw(mut self, raw: &str) -> Self {
        self.inner.raw = Some(raw.to_owned());
        self
    }

    fn new(problem: Problem, key: Option<&str>) -> Self {
        let key = key.map(str::to_owned);
        Self {
            inner: Box::new(Inner {
                problem,
                key,
                raw: None,
            }),
        }
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            Some(key) => write!(f, "metadata key `{}`: ", ShownKey(key))?,
            None => f.write_str("metadata: ")?,
        }
        match &self.inner.problem {
            Problem::NotAnObject { found } => write!(f, "expected a JSON object, found {found}"),
            Problem::NotSerializable => f.write_str("the value cannot be serialized to JSON"),
            Problem::NotFinite => {
                f.write_str("the value is or contains NaN or an infinity, which JSON does not have")
            }
            Problem::WrittenTwice => f.write_str("written twice"),
            Problem::KeyOfField => f.write_str("a flattened map contains the key of a field"),
            Problem::Missing { expected } => write!(f, "missing, expected {expected}"),
            Problem::Mismatch { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            Problem::Custom(message) => SingleLine(message).fmt(f),
        }
    }
}

impl fmt::Debug for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MetadataError({self})")
    }
}

impl Error for MetadataError {}
