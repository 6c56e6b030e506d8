//! A second look at a value that did not fit, for what the type expected.
//!
//! serde's own messages quote the value (`invalid type: string "…", expected u32`), and metadata may be personal data.
//! Here the value is read again with an error type that keeps the expectation, and of the value no more than its kind.
//!
//! Nested values stay the text they are until they are reached.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer, Visitor};
use serde_json::{Number, value::RawValue};

use super::{
    kind::Kind,
    misfit::Misfit,
    parts::{Elements, Entries},
};
use crate::json::RawObject;

/// How deep arrays and objects may be nested, as in `serde_json`.
const DEPTH: u8 = 127;

/// What was expected where `read` stumbled over `raw`; `None` when it does not stumble over the value alone.
pub(super) fn misfit<'a, T>(
    raw: &'a str,
    read: impl FnOnce(Explain<'a>) -> Result<T, Misfit>,
) -> Option<Misfit> {
    let result = read(Explain::value(raw, 0));
    result.err().map(|misfit| misfit.seen_in(raw))
}

/// A deserializer that fails with a [`Misfit`].
pub struct Explain<'a> {
    pub(super) source: Source<'a>,
    pub(super) depth: u8,
}

pub(super) enum Source<'a> {
    /// No value, which an `Option` takes as `None`.
    Absent,
    /// A key of an object, which may stand for a number.
    Key(Cow<'a, str>),
    /// The text of a value.
    Value(&'a str),
}

impl<'a> Explain<'a> {
    pub(super) fn absent() -> Self {
        Self {
            source: Source::Absent,
            depth: 0,
        }
    }

    pub(super) fn key(key: Cow<'a, str>) -> Self {
        Self {
            source: Source::Key(key),
            depth: 0,
        }
    }

    pub(super) fn value(raw: &'a str, depth: u8) -> Self {
        Self {
            source: Source::Value(raw),
            depth,
        }
    }

    /// The text of a value of this kind.
    pub(super) fn of_kind(&self, kind: Kind) -> Option<&'a str> {
        match self.source {
            Source::Value(raw) if Kind::of(raw) == kind => Some(raw),
            _ => None,
        }
    }

    pub(super) fn unfit<'de, V: Visitor<'de>>(&self, visitor: &V) -> Misfit {
        let found = match &self.source {
            Source::Absent => Kind::Null,
            Source::Key(_) => Kind::String,
            Source::Value(raw) => Kind::of(raw),
        };
        Misfit::of_kind(visitor, Some(found))
    }

    /// A key is text, and nothing else is asked of it.
    pub(super) fn key_or_unfit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.source {
            Source::Key(_) => self.deserialize_any(visitor),
            _ => Err(self.unfit(&visitor)),
        }
    }

    /// The depth of what is in this array or object.
    pub(super) fn deeper(&self) -> Result<u8, Misfit> {
        if self.depth == DEPTH {
            return Err(Misfit::too_deep());
        }
        Ok(self.depth + 1)
    }

    pub(super) fn number<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let text = match &self.source {
            Source::Value(raw) if Kind::of(raw) == Kind::Number => raw,
            Source::Key(key) => &**key,
            _ => return Err(self.unfit(&visitor)),
        };
        let number: Option<Number> = serde_json::from_str(text).ok();
        if let Some(value) = number.as_ref().and_then(Number::as_u64) {
            visitor.visit_u64(value)
        } else if let Some(value) = number.as_ref().and_then(Number::as_i64) {
            visitor.visit_i64(value)
        } else if let Some(value) = number.as_ref().and_then(Number::as_f64) {
            visitor.visit_f64(value)
        } else {
            Err(Misfit::of(&visitor, "a number that does not fit"))
        }
    }

    pub(super) fn array<V: Visitor<'a>>(
        self,
        raw: &'a str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let depth = self.deeper()?;
        let values: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| Misfit::default())?;
        let mut elements = Elements::new(values, depth);
        let too_many = Misfit::of(&visitor, "another length");
        let result = visitor.visit_seq(&mut elements)?;
        if elements.is_empty() {
            Ok(result)
        } else {
            Err(too_many)
        }
    }

    pub(super) fn object<V: Visitor<'a>>(
        self,
        raw: &'a str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let depth = self.deeper()?;
        let object = RawObject::parse(raw).map_err(|_| Misfit::default())?;
        let mut entries = Entries::new(&object, known, depth);
        let result = visitor.visit_map(&mut entries)?;
        if entries.is_empty() {
            Ok(result)
        } else {
            Err(Misfit::default())
        }
    }
}

/// Shows nothing of the value.
impl fmt::Debug for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explain").finish_non_exhaustive()
    }
}

pub(super) fn string<'a, V: Visitor<'a>>(raw: &'a str, visitor: V) -> Result<V::Value, Misfit> {
    match text(raw)? {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_str(&text),
    }
}

/// The text of a JSON string, which `serde_json` lends where nothing is escaped.
pub(super) fn text(raw: &str) -> Result<Cow<'_, str>, Misfit> {
    serde_json::from_str(raw)
        .map(Cow::Borrowed)
        .or_else(|_| serde_json::from_str(raw).map(Cow::Owned))
        .map_err(|_| Misfit::default())
}
