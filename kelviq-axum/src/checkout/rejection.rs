//! The answer to a buyer whose checkout did not start.

use std::{error::Error, fmt, time::Duration};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kelviq_core::{CheckoutProblem, ErrorKind};

use crate::{Reference, error_page::ErrorPage};

/// A checkout that did not start, as a page for the buyer, or as JSON for a script that accepts it.
///
/// It holds fixed sentences only: the reason is in the log, beside the same reference.
///
/// The response carries a clone of it in its extensions, so that an application can put a page of its own in the place
/// of the plain one, also behind [`routes`](crate::routes):
///
/// ```
/// use axum::{Router, middleware::map_response, response::{IntoResponse, Response}};
/// use kelviq_axum::CheckoutRejection;
///
/// async fn with_our_pages(response: Response) -> Response {
///     match response.extensions().get::<CheckoutRejection>() {
///         Some(rejection) => (rejection.status(), rejection.problem().message()).into_response(),
///         None => response,
///     }
/// }
///
/// let app: Router = Router::new().layer(map_response(with_our_pages));
/// ```
#[derive(Clone, Debug)]
pub struct CheckoutRejection {
    problem: CheckoutProblem,
    reference: Option<Reference>,
    retry_after: Option<Duration>,
    wants_json: bool,
}

impl CheckoutRejection {
    pub(crate) fn new(problem: CheckoutProblem, wants_json: bool) -> Self {
        Self {
            problem,
            reference: None,
            retry_after: None,
            wants_json,
        }
    }

    pub(crate) fn with_reference(mut self, reference: &Reference) -> Self {
        self.reference = Some(reference.clone());
        self
    }

    pub(super) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// The same for a caller who accepts something else.
    pub(crate) fn accepted_as_json(mut self, wants_json: bool) -> Self {
        self.wants_json = wants_json;
        self
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.wants_json
    }

    /// What went wrong, to answer with a page of your own.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        status(self.problem)
    }

    /// The checkout's reference, which is in the log too.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }
}

impl IntoResponse for CheckoutRejection {
    fn into_response(self) -> Response {
        let mut response = ErrorPage {
            status: self.status(),
            code: self.problem.code(),
            title: "Checkout not started",
            message: self.problem.message(),
            reference: self.reference.as_ref(),
            retry_after: self.retry_after,
            wants_json: self.wants_json,
        }
        .into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for CheckoutRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.message())
    }
}

impl Error for CheckoutRejection {}

pub(crate) fn status(problem: CheckoutProblem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What the buyer may know of a failed call.
pub(crate) fn problem_of(error: &kelviq_core::Error) -> CheckoutProblem {
    match (error.kind(), error.status()) {
        (ErrorKind::InvalidRequest | ErrorKind::Configuration, _) => CheckoutProblem::Internal,
        (ErrorKind::Timeout, _) | (_, Some(504)) => CheckoutProblem::Timeout,
        (_, Some(429 | 503)) => CheckoutProblem::Busy,
        _ => CheckoutProblem::Upstream,
    }
}
