//! Reading the entries of an object in the order of the text.

use serde::Deserialize;

use crate::field_key::FieldKey;

/// The entries of a JSON object, each of which is deserialized where it is, without those after it.
///
/// Keys that are not the next one are taken as absent. This is right if, in the end, each entry was taken:
/// [`is_at_end`](Self::is_at_end). Otherwise everything that was read can be wrong.
pub(super) struct InOrder<'a> {
    /// The text that is not read yet. It starts with no white space.
    rest: &'a [u8],
    /// Whether an entry must follow.
    has_next: bool,
    is_closed: bool,
}

impl<'a> InOrder<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        let mut entries = Self {
            rest: json.as_bytes(),
            has_next: false,
            is_closed: false,
        };
        entries.skip_whitespace();
        if entries.skip(b'{') {
            entries.is_closed = entries.skip(b'}');
            entries.has_next = !entries.is_closed;
        }
        entries
    }

    /// Returns the value of the next entry if it has one of the keys.
    pub(super) fn take<T: Deserialize<'a>>(&mut self, keys: &[FieldKey<'_>]) -> Option<T> {
        if !self.has_next {
            return None;
        }
        self.rest = keys.iter().find_map(|key| self.after_key(*key))?;
        self.has_next = false;
        self.skip_whitespace();
        if !self.skip(b':') {
            return None;
        }
        let mut values = serde_json::Deserializer::from_slice(self.rest).into_iter();
        let value = values.next()?.ok()?;
        let end = values.byte_offset();
        if end == 0 {
            return None;
        }
        self.rest = self.rest.get(end..)?;
        self.skip_whitespace();
        self.has_next = self.skip(b',');
        self.is_closed = !self.has_next && self.skip(b'}');
        Some(value)
    }

    /// Returns `true` if the text is an object, and each of its entries was taken.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_closed && self.rest.is_empty()
    }

    /// Returns the text after the key, if it is the next one.
    #[inline]
    fn after_key(&self, key: FieldKey<'_>) -> Option<&'a [u8]> {
        let name = self.rest.strip_prefix(b"\"")?;
        let end = name.strip_prefix(key.plain()?.as_bytes())?;
        end.strip_prefix(b"\"")
    }

    #[inline]
    fn skip(&mut self, token: u8) -> bool {
        let is_next = self.rest.first() == Some(&token);
        if is_next {
            self.rest = &self.rest[1..];
            self.skip_whitespace();
        }
        is_next
    }

    #[inline]
    fn skip_whitespace(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }
}
