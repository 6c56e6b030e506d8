//! Numbers in plain decimal notation, without an exponent.

/// Returns `true` for digits with an optional minus sign and an optional fraction.
pub(crate) fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the whole number that the text is. A fraction must be zero: `2100.0` is 2100.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    if !is_plain_decimal(text) {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    whole.parse().ok()
}
