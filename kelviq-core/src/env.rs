//! Environment variables, and the secrets in them.

use crate::Error;

/// The value of a variable; `None` when it is not set or empty.
///
/// A value that is not Unicode is an error: a setting that cannot be read must not count as unset.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var_os(name) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(_) => Err(Error::configuration(format!("{name} is not Unicode"))),
        },
    }
}

/// Whether a key or secret was copied alone: printable ASCII without white space and quotes.
pub(crate) fn is_bare(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`'))
}
