//! What came back: a body to read, or an error in one of Kelviq's several shapes.

use std::time::Duration;

use super::{ApiKey, error_body::ErrorBody};
use crate::{Error, ErrorKind};

/// An answer that has arrived.
pub(crate) struct ApiResponse {
    pub(super) host: String,
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) is_html: bool,
    pub(crate) body: String,
}

impl ApiResponse {
    /// A 2xx answer that is not what was asked for.
    pub(crate) fn unexpected(&self, problem: &str) -> Error {
        let problem = if self.is_html {
            "it is HTML, not JSON; does the address lead to Kelviq?"
        } else {
            problem
        };
        Error::new(
            ErrorKind::UnexpectedResponse,
            format!("{} answered {}, but {problem}", self.host, self.status),
        )
        .with_status(self.status)
    }

    /// An answer with another status than 2xx. Its body is read as far as it is known, and none of it is relied on.
    /// `asked` says whose key is expected.
    pub(super) fn into_error(self, api_key: &ApiKey, asked: &str) -> Error {
        let Self { host, status, .. } = &self;
        if (300..400).contains(status) {
            return Error::new(
                ErrorKind::UnexpectedResponse,
                format!("{host} answered {status}, which is no answer of Kelviq's API; redirects are not followed. Is the base URL right?"),
            )
            .with_status(*status);
        }
        let mut message = format!("{host} answered {status}");
        let sentences = ErrorBody::read(&self.body, api_key);
        if let Some(sentence) = sentences.sentence {
            message = format!("{message} ({sentence})");
        }
        if matches!(status, 401 | 403) {
            message = format!("{message}; is KELVIQ_API_KEY a server key of {asked}?");
        }
        Error::new(ErrorKind::Api, message)
            .with_status(*status)
            .with_field_errors(sentences.field_errors)
            .with_retry_after(self.retry_after)
    }
}
