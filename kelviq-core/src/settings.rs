//! Settings: environment variables, and the format of keys and secrets.

use crate::error::Error;

/// Returns the value of an environment variable, or `None` if it is unset or empty.
///
/// A value that is not Unicode is an error. If it counted as unset, a default would silently apply.
pub(crate) fn env_var(name: &str) -> Result<Option<String>, Error> {
    match std::env::var_os(name) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(_) => Err(Error::configuration(format!("{name} is not Unicode"))),
        },
    }
}

/// Returns `true` if a key or secret is printable ASCII without white space and quotes.
pub(crate) fn is_bare_token(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`'))
}
