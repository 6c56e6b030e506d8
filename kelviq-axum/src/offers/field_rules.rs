//! The rules for form fields with a text for the application.

/// Maximum number of such fields of an offer.
pub(super) const MAX_FIELDS: usize = 10;

/// Maximum length of all texts of a form, in bytes. A buyer who signs in carries them in a query parameter of a query
/// parameter, where a byte can become five, and proxies limit the headers of a response to about 4 KiB.
pub(super) const MAX_TEXT: usize = 500;

/// Maximum length of a name, in bytes.
const MAX_NAME: usize = 32;

/// Returns `true` if the name is valid and not that of a field of the library. In a hidden field of the name `_charset_`,
/// browsers replace the text, so that it would not survive signing in.
pub(super) fn is_valid_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_NAME).contains(&name.len())
        && name.bytes().all(is_allowed)
        && !["offer", "page", "quantity"].contains(&name)
        && !name.eq_ignore_ascii_case("_charset_")
}

/// Returns a text with `\n` as the line break, whatever the browser sent. Returns `None` if it contains other control
/// characters, except tabs.
pub(super) fn normalize(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_valid = |c: char| !c.is_control() || c == '\n' || c == '\t';
    text.chars().all(is_valid).then_some(text)
}
