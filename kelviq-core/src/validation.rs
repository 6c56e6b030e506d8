//! Validation of request fields and URLs.

use url::Url;

use crate::error::{Error, ErrorKind, FieldError};

/// Collects every invalid field rather than stopping at the first.
#[derive(Default)]
pub(crate) struct Validation {
    errors: Vec<FieldError>,
}

impl Validation {
    /// Returns an error with all invalid fields, if there are any.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let message = "the request is invalid and was not sent";
        Err(Error::new(ErrorKind::InvalidRequest, message).with_field_errors(self.errors))
    }

    /// Reports an invalid field.
    pub(crate) fn fail(&mut self, field: impl Into<String>, expected: impl Into<String>) {
        self.errors.push(FieldError::new(field, expected));
    }

    /// Checks that a text is not empty, has no surrounding white space and no control characters.
    pub(crate) fn text(&mut self, field: &str, value: &str) {
        if value.trim().is_empty() {
            self.fail(field, "must not be empty");
        } else if value.trim() != value || value.contains(char::is_control) {
            self.fail(
                field,
                "must not begin or end with white space or contain control characters",
            );
        }
    }

    /// Checks the application's id of a customer.
    pub(crate) fn customer_id(&mut self, field: &str, id: &str) {
        self.text(field, id);
        self.length(field, id);
    }

    /// Checks the name or the email address of a customer. What else is valid is Kelviq's choice.
    pub(crate) fn personal_text(&mut self, field: &str, value: &str) {
        if value.trim().is_empty() {
            self.fail(field, "must not be empty");
        } else if value.contains(char::is_control) {
            self.fail(field, "must not contain control characters");
        }
        self.length(field, value);
    }

    fn length(&mut self, field: &str, value: &str) {
        if value.chars().count() > MAX_TEXT_LENGTH {
            let expected = format!("must have at most {MAX_TEXT_LENGTH} characters");
            self.fail(field, expected);
        }
    }

    /// Checks the value of an enum, which Kelviq writes in capital letters. Another case would be rejected or, worse, be
    /// another value.
    pub(crate) fn constant(&mut self, field: &str, value: &str) {
        let is_capital =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if value.is_empty() || !value.bytes().all(is_capital) {
            self.fail(
                field,
                "expected capital letters, digits and underscores, such as THREE_MONTHS",
            );
        }
    }

    pub(crate) fn optional_text(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(field, value);
        }
    }

    /// Checks that a URL is absolute, has the scheme `http` or `https`, and has no credentials.
    pub(crate) fn url(&mut self, field: &str, value: &str) {
        // URL parsers repair malformed URLs in different ways. Kelviq and browsers could read a repaired URL differently,
        // so a URL that needs repair is rejected.
        let is_plain = value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let rest = value
            .strip_prefix("https://")
            .or_else(|| value.strip_prefix("http://"));
        match Url::parse(value) {
            Ok(url) if is_plain && rest.is_some_and(|rest| !rest.starts_with('/')) => {
                if !url.username().is_empty() || url.password().is_some() {
                    self.fail(field, "must not contain a user name or password");
                }
            }
            _ => self.fail(
                field,
                "expected an absolute URL, http:// or https://, in ASCII (other characters percent-encoded)",
            ),
        }
    }

    pub(crate) fn optional_url(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.url(field, value);
        }
    }

    /// Checks an item of a list of plans, which is sent as comma-separated text.
    pub(crate) fn listed_plan(&mut self, field: &str, plan: &str) {
        self.text(field, plan);
        if plan.contains(',') {
            self.fail(
                field,
                "expected one plan identifier per item, without commas",
            );
        }
    }

    /// Checks an ISO code of `length` capital letters.
    pub(crate) fn capital_letters(
        &mut self,
        field: &str,
        code: &str,
        length: usize,
        expected: &str,
    ) {
        if code.len() != length || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.fail(field, expected);
        }
    }
}

/// Maximum number of characters in the data of a customer. Kelviq documents no limit, and this is more than any real id, name or
/// email address has.
const MAX_TEXT_LENGTH: usize = 500;

/// Maximum length of a URL in a response. The URL becomes a header, and proxies limit the size of headers.
pub(crate) const MAX_URL_LENGTH: usize = 2048;

/// Parses an absolute http or https URL from a response. The limit also applies to the percent-encoded URL.
pub(crate) fn parse_http_url(text: &str) -> Option<Url> {
    if text.len() > MAX_URL_LENGTH {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_http && url.as_str().len() <= MAX_URL_LENGTH).then_some(url)
}
