//! The checks of a request's fields, before it leaves. All that does not hold is reported at once.

use url::Url;

use super::{Amount, plan::Feature};
use crate::{Error, ErrorKind, FieldError};

#[derive(Default)]
pub(crate) struct Validation {
    errors: Vec<FieldError>,
}

impl Validation {
    pub(super) fn fail(&mut self, field: impl Into<String>, expected: impl Into<String>) {
        self.errors.push(FieldError::new(field, expected));
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::InvalidRequest,
            "the request does not hold, nothing was sent",
        )
        .with_field_errors(self.errors))
    }

    pub(crate) fn text(&mut self, field: &str, value: &str) {
        if value.trim().is_empty() {
            self.fail(field, "must not be empty");
        } else if value.trim() != value || value.contains(char::is_control) {
            self.fail(
                field,
                "must not begin or end with white space or hold control characters",
            );
        }
    }

    pub(super) fn optional_text(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(field, value);
        }
    }

    pub(super) fn url(&mut self, field: &str, value: &str) {
        // Parsers differ in what they repair. What is sent must be what was checked: nothing that needs repair passes.
        let plain = value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let rest = value
            .strip_prefix("https://")
            .or_else(|| value.strip_prefix("http://"));
        match Url::parse(value) {
            Ok(url) if plain && rest.is_some_and(|rest| !rest.starts_with('/')) => {
                if !url.username().is_empty() || url.password().is_some() {
                    self.fail(field, "must not hold a user name or password");
                }
            }
            _ => self.fail(
                field,
                "expected an absolute URL, http:// or https://, in ASCII (other characters percent-encoded)",
            ),
        }
    }

    pub(super) fn optional_url(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.url(field, value);
        }
    }

    pub(super) fn feature(&mut self, index: usize, feature: &Feature, before: &[Feature]) {
        self.text(
            &format!("features[{index}].identifier"),
            &feature.identifier,
        );
        if before
            .iter()
            .any(|other| other.identifier == feature.identifier)
        {
            self.fail(
                format!("features[{index}].identifier"),
                "names a feature that is in the list already",
            );
        }
        if feature.quantity == 0 {
            self.fail(
                format!("features[{index}].quantity"),
                "expected a quantity of at least 1",
            );
        }
    }

    pub(super) fn listed_plan(&mut self, field: &str, plan: &str) {
        self.text(field, plan);
        if plan.contains(',') {
            self.fail(
                field,
                "expected one plan identifier an item, without commas",
            );
        }
    }

    pub(super) fn amount(&mut self, amount: &Amount) {
        if !amount.is_positive() {
            self.fail("customAmount", "expected an amount above 0");
        }
    }

    pub(super) fn currency(&mut self, code: &str) {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.fail(
                "currencyCode",
                "expected three capital letters (ISO 4217), such as USD",
            );
        }
    }

    pub(super) fn country(&mut self, code: &str) {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.fail(
                "defaultBillingCountry",
                "expected two capital letters (ISO 3166-1 alpha-2), such as US",
            );
        }
    }

    pub(super) fn trial_period(&mut self, days: Option<u32>) {
        if days == Some(0) {
            self.fail("trialPeriod", "expected at least 1 day");
        }
    }
}
