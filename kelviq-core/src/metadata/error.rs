//! The error of metadata: the key, what was expected, the kind of what was found, and never a value.

use std::{error::Error, fmt};

use serde_json::value::RawValue;

use super::{kind::Kind, misfit::Misfit};

/// Metadata that could not be written, or does not fit what it is read as.
///
/// `Display` and `Debug` name the key and kinds, never a value. [`raw`](Self::raw) has the text for the app's own eyes.
#[derive(Clone, PartialEq, Eq)]
pub struct MetadataError {
    // In a box, for it goes through every `Result` of metadata.
    inner: Box<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    problem: Problem,
    key: Option<String>,
    raw: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    NotAnObject {
        found: &'static str,
    },
    NotSerializable,
    Twice,
    /// A map or `Metadata` has the key of a field.
    Taken,
    Missing(Misfit),
    Misfit {
        misfit: Misfit,
        found: &'static str,
    },
    Custom(String),
}

impl MetadataError {
    /// An error of a hand-written [`ToMetadata`](crate::ToMetadata) or [`FromMetadata`](crate::FromMetadata).
    ///
    /// The message is shown to developers and logged: it must not hold values.
    pub fn custom(key: &str, message: impl Into<String>) -> Self {
        Self::new(Problem::Custom(message.into()), Some(key))
    }

    /// The key that is missing or does not fit; `None` when the whole is not an object.
    pub fn key(&self) -> Option<&str> {
        self.inner.key.as_deref()
    }

    /// The metadata as it came, when it came from outside. It may hold personal data: do not log it.
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

    pub(super) fn not_serializable(key: Option<&str>) -> Self {
        Self::new(Problem::NotSerializable, key)
    }

    pub(super) fn twice(key: &str) -> Self {
        Self::new(Problem::Twice, Some(key))
    }

    pub(super) fn taken(key: &str) -> Self {
        Self::new(Problem::Taken, Some(key))
    }

    pub(super) fn missing(key: &str, misfit: Misfit) -> Self {
        Self::new(Problem::Missing(misfit), Some(key))
    }

    pub(super) fn misfit(key: &str, misfit: Option<Misfit>, raw: &str) -> Self {
        let misfit = misfit.unwrap_or_default();
        let found = misfit.found.unwrap_or_else(|| Kind::of(raw).name());
        Self::new(Problem::Misfit { misfit, found }, Some(key))
    }

    pub(super) fn with_raw(mut self, raw: &str) -> Self {
        self.inner.raw = Some(raw.to_owned());
        self
    }

    /// Where in the key's value it is, if it is nested.
    fn path(&self) -> Option<&str> {
        match &self.inner.problem {
            Problem::Misfit { misfit, .. } => misfit.path.as_deref(),
            _ => None,
        }
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
        match (self.key(), self.path()) {
            (Some(key), Some(path)) => write!(f, "metadata key `{key}`, at `{path}`: ")?,
            (Some(key), None) => write!(f, "metadata key `{key}`: ")?,
            (None, _) => f.write_str("metadata: ")?,
        }
        match &self.inner.problem {
            Problem::NotAnObject { found } => write!(f, "expected a JSON object, found {found}"),
            Problem::NotSerializable => f.write_str("the value does not serialise to JSON"),
            Problem::Twice => f.write_str("written twice"),
            Problem::Taken => f.write_str("in a flattened map, but a field has this key"),
            Problem::Missing(Misfit { expected: None, .. }) => f.write_str("missing"),
            Problem::Missing(Misfit {
                expected: Some(expected),
                ..
            }) => {
                write!(f, "missing, expected {expected}")
            }
            Problem::Misfit { misfit, found } => match &misfit.expected {
                Some(expected) => write!(f, "expected {expected}, found {found}"),
                None => write!(f, "{found} that the field's type does not accept"),
            },
            Problem::Custom(message) => f.write_str(message),
        }
    }
}

impl fmt::Debug for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MetadataError({self})")
    }
}

impl Error for MetadataError {}
