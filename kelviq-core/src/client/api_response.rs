//! A response of the API, and its conversion into an error.

use std::time::Duration;

use super::{api_key::ApiKey, error_body::ErrorBody};
use crate::error::{Error, ErrorKind};

/// A complete HTTP response.
pub(crate) struct ApiResponse {
    pub(super) host: String,
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// The number of attempts of the call.
    pub(super) attempts: u32,
    pub(super) is_html: bool,
    pub(crate) body: String,
}

impl ApiResponse {
    /// Returns the error for a response with an unexpected body.
    pub(crate) fn unexpected(&self, problem: &str) -> Error {
        let problem = if self.is_html {
            "the body is HTML, not JSON; check the base URL"
        } else {
            problem
        };
        Error::new(
            ErrorKind::UnexpectedResponse,
            format!("{} returned {}, but {problem}", self.host, self.status),
        )
        .with_status(self.status)
        .with_attempts(self.attempts)
    }

    /// Returns an error if the body has another id than the requested one. `object` is what the id belongs to.
    pub(crate) fn check_id(
        &self,
        id: Option<&str>,
        requested: &str,
        object: &str,
    ) -> Result<(), Error> {
        match id {
            Some(id) if id != requested => {
                Err(self.unexpected(&format!("the body describes another {object}")))
            }
            _ => Ok(()),
        }
    }

    /// Converts a response with a status other than 2xx into an error.
    ///
    /// The body adds a message and field errors if it has a known shape. `key_issuer` describes the server that the API
    /// key must belong to.
    pub(super) fn into_error(self, api_key: &ApiKey, key_issuer: &str) -> Error {
        let Self { host, status, .. } = &self;
        if (300..400).contains(status) {
            return Error::new(
                ErrorKind::UnexpectedResponse,
                format!("{host} returned {status}, but Kelviq's API does not redirect; check the base URL"),
            )
            .with_status(*status);
        }
        if *status == 404 && self.is_html {
            // Kelviq's own 404, e.g. for an unknown customer, is JSON.
            return self.unexpected("");
        }
        let mut message = format!("{host} returned {status}");
        let error_body = ErrorBody::read(&self.body, api_key);
        if let Some(text) = error_body.message {
            message = format!("{message} ({text})");
        } else if self.is_html {
            message.push_str(" (the body is HTML, not JSON)");
        }
        if matches!(status, 401 | 403) {
            let variable = api_key.variable();
            message = format!("{message}; check that {variable} is a server key of {key_issuer}");
        }
        Error::new(ErrorKind::Api, message)
            .with_status(*status)
            .with_field_errors(error_body.field_errors)
            .with_retry_after(self.retry_after)
    }
}
