//! Descriptions of invalid JSON values for error messages, without the values.

use serde_json::error::Category;

use super::kind::Kind;

/// The beginning of the message of `serde_json` if a value is of the wrong kind.
const WRONG_KIND: &str = "invalid type: ";

/// Describes the JSON value `raw`, which `serde_json` rejected with `error`, without quoting it.
///
/// Distinguishes a value of the wrong kind from one of the right kind with invalid content. The message of `error` quotes
/// the value, so only its beginning is examined and none of it is kept.
pub(super) fn describe(raw: &str, error: &serde_json::Error) -> &'static str {
    let kind = Kind::of(raw);
    match kind {
        Kind::Array if !is_at_start(error) => "an array with invalid content",
        Kind::Object if !is_at_start(error) => "an object with invalid content",
        Kind::String if !is_wrong_kind(error) => "an invalid string",
        Kind::Number if !is_wrong_kind(error) => "an invalid number",
        // serde_json reads an integer beyond 64 bits as a floating point number.
        Kind::Number if is_float(error) && raw.contains(['.', 'e', 'E']) => {
            "a floating point number"
        }
        Kind::Number if is_float(error) => "an invalid number",
        kind => kind.name(),
    }
}

/// Returns `true` if the deserializer failed at the first byte of the value.
///
/// `serde_json` reports the column of the last byte that it consumed for data errors, and of the next byte for syntax errors.
fn is_at_start(error: &serde_json::Error) -> bool {
    let column = match error.classify() {
        Category::Data => 0,
        Category::Syntax | Category::Eof | Category::Io => 1,
    };
    (error.line(), error.column()) == (1, column)
}

/// Returns `true` if a string or number is of the wrong kind, rather than of the right kind with an invalid value.
fn is_wrong_kind(error: &serde_json::Error) -> bool {
    is_at_start(error) || error.to_string().starts_with(WRONG_KIND)
}

/// Returns `true` if a number was rejected because it is a floating point number.
fn is_float(error: &serde_json::Error) -> bool {
    let message = error.to_string();
    let found = message.strip_prefix(WRONG_KIND);
    found.is_some_and(|found| found.starts_with("floating point"))
}
