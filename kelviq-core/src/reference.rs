//! The format of a checkout's reference, for the server and for the browser.

/// Name of the query parameter with the reference on the success URL.
pub const REFERENCE_PARAMETER: &str = "reference";

/// Returns `true` if `text` consists of 32 lower-case hexadecimal digits.
pub fn is_reference(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 32 && text.bytes().all(is_digit)
}
