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

/// Returns what is wrong with the text of a key or secret, without the text. The sentence follows the variable's name.
pub(crate) fn token_problem(text: &str) -> Option<&'static str> {
    if is_placeholder(text) {
        Some("is a placeholder; set it to the value from the Kelviq dashboard")
    } else if contains_assignment(text) {
        Some(
            "contains the name of a variable or a second `NAME=`; put each variable on a line of its own",
        )
    } else if !text.bytes().all(is_token_byte) {
        Some(
            "contains white space, quotes or characters that are not printable ASCII; copy only the value, without quotes and line breaks",
        )
    } else {
        None
    }
}

/// Returns `true` for texts that documentation and templates show in the place of a value.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "...",
        "your_",
        "your-",
        "changeme",
        "change_me",
        "change-me",
        "replaceme",
        "replace_me",
        "replace-me",
    ];
    let text = text.trim().to_ascii_lowercase();
    let prefixes = ["server-", "client-", "kq_whsec_"];
    let rest = prefixes
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(&text);
    let is_crossed_out =
        rest.len() >= 3 && rest.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'.'));
    is_crossed_out
        || rest.starts_with("your ")
        || rest == "yourkey"
        || text.contains(['…', '<', '>', '{', '}'])
        || WORDS.iter().any(|word| text.contains(word))
}

/// Returns `true` if the text contains `KELVIQ_`, or `=` other than as padding at its end.
fn contains_assignment(text: &str) -> bool {
    text.contains("KELVIQ_") || text.trim_end().trim_end_matches('=').contains('=')
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`')
}
