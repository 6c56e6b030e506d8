//! The response of a server function that sells.

use std::sync::PoisonError;

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, LOCATION, RETRY_AFTER, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{__internal::request_rejected, Reference, Rejection, ReturnPath, SellError};
use kelviq_core::CheckoutProblem;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{context::LayerContext, reference::new_reference};
use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

impl LayerContext {
    /// Redirects the buyer to a URL that has been validated, or to a path of the application.
    ///
    /// A script reads the URL from the response body, and the layer reads it from the slot.
    pub(super) fn redirect_to(&self, url: &str) -> Result<BuyerRedirect, CheckoutError> {
        let is_url = ReturnPath::new(url).is_some()
            || ["https://", "http://"]
                .iter()
                .any(|scheme| url.starts_with(scheme));
        let Some(location) = HeaderValue::try_from(url).ok().filter(|_| is_url) else {
            let reference = reference_of_error();
            tracing::error!(
                reference,
                "the buyer was not redirected: the location is neither an HTTP URL nor a path of the application"
            );
            return Err(fail(CheckoutProblem::Internal).with_reference(reference));
        };
        self.redirect.set(location);
        if let Some(options) = use_context::<ResponseOptions>() {
            // Removes the error of an earlier checkout in the same server function.
            let mut parts = options.0.write().unwrap_or_else(PoisonError::into_inner);
            parts.status = None;
            parts.headers.remove(RETRY_AFTER);
        }
        Ok(BuyerRedirect::to(url))
    }

    /// Converts the error of a sale. The response of the buyer can be a redirect, e.g. to sign in.
    pub(super) fn handle_error(&self, error: SellError) -> Result<BuyerRedirect, CheckoutError> {
        match error {
            SellError::Rejection(rejection) => Err(reject(rejection)),
            SellError::Buyer(response) => self.follow(&response),
        }
    }

    /// Converts the response of the buyer's extractor or metadata.
    fn follow(&self, response: &Response) -> Result<BuyerRedirect, CheckoutError> {
        let options = use_context::<ResponseOptions>();
        for cookie in response.headers().get_all(SET_COOKIE) {
            if let Some(options) = &options {
                options.append_header(SET_COOKIE, cookie.clone());
            }
        }
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        if let Some(location) = location.filter(|_| response.status().is_redirection()) {
            return self.redirect_to(location);
        }
        let status = response.status().as_u16();
        let reference = if let Some(reference) = response.extensions().get::<Reference>() {
            // `Buyer::metadata` returned the response, which was logged with the reference of the sale.
            Some(reference.to_string())
        } else {
            let reference = reference_of_error();
            tracing::warn!(
                reference,
                status,
                "the buyer's extractor rejected a request"
            );
            reference
        };
        let problem = problem_of_status(response.status());
        request_rejected(problem);
        Err(fail(problem).with_reference(reference))
    }
}

/// Converts a rejection into an error, and sets status, `Allow` and `Retry-After` of the response.
pub(super) fn reject(rejection: Rejection) -> CheckoutError {
    let reference = rejection.reference().map(ToString::to_string);
    let error = fail(rejection.problem()).with_reference(reference);
    let response = rejection.into_response();
    if let Some(options) = use_context::<ResponseOptions>() {
        for name in [ALLOW, RETRY_AFTER] {
            if let Some(value) = response.headers().get(&name) {
                options.insert_header(name, value.clone());
            }
        }
    }
    error
}

/// Creates an error, and sets the status of the response: Leptos would respond with 500 to every error.
pub(super) fn fail(problem: CheckoutProblem) -> CheckoutError {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status_of(problem));
    }
    problem.into()
}

/// Prepares an error for the response of the current server function.
///
/// Errors that the library has not created, such as those of the application and of arguments that cannot be
/// deserialized, have no status and no reference yet. Sets the status, counts the error, and logs it with a new reference.
pub(crate) fn prepare_error(error: &CheckoutError) -> CheckoutError {
    let problem = error.problem();
    if let Some(options) = use_context::<ResponseOptions>() {
        let mut parts = options.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_error = |status: &StatusCode| status.is_client_error() || status.is_server_error();
        parts.status = parts.status.filter(is_error).or(Some(status_of(problem)));
    }
    if error.reference().is_some() {
        return error.clone();
    }
    request_rejected(problem);
    let reference = reference_of_error();
    tracing::info!(
        reference,
        problem = problem.code(),
        "a server function rejected a request"
    );
    error.clone().with_reference(reference)
}

/// Returns a random reference for an error of the current server function. `None` if there is no layer, and in a task
/// that has no Leptos context.
fn reference_of_error() -> Option<String> {
    use_context::<Parts>()?.extensions.get::<LayerContext>()?;
    new_reference()
}

/// Returns the problem for the status of the buyer's extractor or metadata.
pub(super) fn problem_of_status(status: StatusCode) -> CheckoutProblem {
    match status.as_u16() {
        429 | 503 => CheckoutProblem::Busy,
        500.. => CheckoutProblem::Internal,
        _ => CheckoutProblem::BuyerRefused,
    }
}

/// Returns the HTTP status of a problem.
pub(crate) fn status_of(problem: CheckoutProblem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
