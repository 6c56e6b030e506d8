//! Validation of ids that applications use as database keys.

/// Maximum length of an id or type in bytes.
const MAX_LENGTH: usize = 255;

/// Returns `true` for a text that is neither blank nor too long and has no control characters.
pub(super) fn is_usable_key(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= MAX_LENGTH && !has_control_character(text)
}

/// Checks the bytes first, because almost all ids consist of printable ASCII.
pub(super) fn has_control_character(text: &str) -> bool {
    !text.bytes().all(|byte| byte.is_ascii_graphic()) && text.contains(char::is_control)
}
