//! The text of a body.

use std::borrow::Cow;

/// Decodes UTF-8 with an optional byte order mark, which is omitted. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn decode(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
}
