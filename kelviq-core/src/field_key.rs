//! The key of a field in a JSON object.

/// A key, and whether it is the same in JSON.
///
/// The derive creates its keys at compile time, so that they are neither escaped when they are written nor unescaped when
/// they are read.
#[derive(Clone, Copy, Debug)]
pub struct FieldKey<'a> {
    name: &'a str,
    is_plain: bool,
}

impl<'a> FieldKey<'a> {
    /// Creates a key from its name.
    pub const fn new(name: &'a str) -> Self {
        let bytes = name.as_bytes();
        let mut at = 0;
        while at < bytes.len() && bytes[at] >= b' ' && bytes[at] != b'"' && bytes[at] != b'\\' {
            at += 1;
        }
        Self {
            name,
            is_plain: at == bytes.len(),
        }
    }

    #[inline]
    pub(crate) fn name(self) -> &'a str {
        self.name
    }

    /// Returns the name if JSON contains it without escapes.
    #[inline]
    pub(crate) fn plain(self) -> Option<&'a str> {
        self.is_plain.then_some(self.name)
    }
}
