//! Host names in settings.

use url::Host;

/// Parses a host name and returns it in lower case, with international labels as punycode.
///
/// Returns `None` for IP addresses, patterns such as `*.example.com`, ports, and names that DNS does not allow.
pub(crate) fn parse_host_name(text: &str) -> Option<String> {
    let Ok(Host::Domain(name)) = Host::parse(text) else {
        return None;
    };
    // The parser also decodes `%2e` and drops invisible characters. Only international names may be rewritten.
    let is_own_text = if text.is_ascii() {
        name == text.to_ascii_lowercase()
    } else {
        !text.contains('%') && name.split('.').any(|label| label.starts_with("xn--"))
    };
    (is_own_text && name.len() <= 253 && name.split('.').all(is_label)).then_some(name)
}

/// Accepts the host of a parsed URL without patterns and other punctuation. Names of containers can have an underscore.
pub(crate) fn is_host(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    (1..=63).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_in_lower_case_and_as_punycode() {
        for (text, name) in [
            ("pay.example.com", "pay.example.com"),
            ("Pay.Example.COM", "pay.example.com"),
            ("pay-2.example.com", "pay-2.example.com"),
            ("münchen.example", "xn--mnchen-3ya.example"),
            ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
            ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("fake-kelviq", "fake-kelviq"),
        ] {
            assert_eq!(parse_host_name(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn patterns_and_malformed_names_are_invalid() {
        let (long_label, long_name) = ("a".repeat(64), ["a"; 128].join("."));
        for text in [
            "",
            ".",
            " pay.example.com",
            "pay.example.com ",
            "pay.example.com\n",
            "*",
            "*.example.com",
            "pay.*.com",
            "?.example.com",
            "[a-z].example.com",
            "pay.example.com.",
            ".example.com",
            "pay..example.com",
            "-pay.example.com",
            "pay-.example.com",
            "my_pay.example.com",
            "pay%2eexample.com",
            "münchen%2eexample",
            "pay\u{ad}.example.com",
            "https://pay.example.com",
            "pay.example.com:443",
            "pay.example.com/",
            "user@pay.example.com",
            "pay.example.com,evil.example",
            "pay.example.com;evil.example",
            "a b",
            "203.0.113.7",
            "0x7f.1",
            "[::1]",
            "xn--zzzzzzz99999.example",
            "$HOST.example.com",
            long_label.as_str(),
            long_name.as_str(),
        ] {
            assert_eq!(parse_host_name(text), None, "{text:?}");
        }
    }
}
