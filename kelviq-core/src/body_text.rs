//! The text of a body.

use std::borrow::Cow;

/// Decodes UTF-8 with an optional byte order mark, which is omitted. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn decode(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // Validates faster than `from_utf8_lossy`, which would also return the text unchanged.
    str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}
