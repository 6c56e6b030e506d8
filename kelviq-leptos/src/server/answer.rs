//! From what kelviq-axum answers to what a server function answers.

use std::sync::PoisonError;

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{LOCATION, RETRY_AFTER, SET_COOKIE},
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{Rejection, ReturnPath, SellError};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::layer::Provided;
use crate::{CheckoutError, CheckoutProblem, CheckoutRedirect};

impl Provided {
    /// Sends the buyer to an address that has been checked, or is the application's own.
    pub(super) fn send_to(&self, url: &str) -> Result<CheckoutRedirect, CheckoutError> {
        let is_address = ReturnPath::new(url).is_some()
            || ["https://", "http://"]
                .iter()
                .any(|scheme| url.starts_with(scheme));
        let target = HeaderValue::try_from(url).ok().filter(|_| is_address);
        let Some(target) = target else {
            tracing::error!(
                "the buyer was not sent on: the address is no URL and no path of the application"
            );
            return Err(fail(CheckoutProblem::Internal));
        };
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
        if let Some(options) = use_context::<ResponseOptions>() {
            // What failed before does not count any more.
            let mut parts = options.0.write().unwrap_or_else(PoisonError::into_inner);
            parts.status = None;
            parts.headers.remove(RETRY_AFTER);
        }
        Ok(CheckoutRedirect::to(url))
    }

    /// A refusal of the library is an error; one of the buyer's extractor may send the buyer to sign in.
    pub(super) fn refuse(&self, refused: SellError) -> Result<CheckoutRedirect, CheckoutError> {
        match refused {
            SellError::Rejection(rejection) => Err(reject(rejection)),
            SellError::Buyer(response) => self.follow(&response),
        }
    }

    fn follow(&self, response: &Response) -> Result<CheckoutRedirect, CheckoutError> {
        let options = use_context::<ResponseOptions>();
        for cookie in response.headers().get_all(SET_COOKIE) {
            if let Some(options) = &options {
                options.append_header(SET_COOKIE, cookie.clone());
            }
        }
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        if let Some(location) = location.filter(|_| response.status().is_redirection()) {
            return self.send_to(location);
        }
        let status = response.status().as_u16();
        tracing::warn!(status, "the buyer's extractor refused a request");
        Err(fail(match status {
            429 | 503 => CheckoutProblem::Busy,
            500.. => CheckoutProblem::Internal,
            _ => CheckoutProblem::BuyerRefused,
        }))
    }
}

pub(super) fn reject(rejection: Rejection) -> CheckoutError {
    let reference = rejection.reference().map(ToString::to_string);
    let error = fail(rejection.problem()).with_reference(reference);
    let response = rejection.into_response();
    if let (Some(options), Some(retry_after)) = (
        use_context::<ResponseOptions>(),
        response.headers().get(RETRY_AFTER),
    ) {
        options.insert_header(RETRY_AFTER, retry_after.clone());
    }
    error
}

/// An error, with its status on the response: Leptos answers 500 to every one.
pub(super) fn fail(problem: CheckoutProblem) -> CheckoutError {
    if let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(problem.status()),
    ) {
        options.set_status(status);
    }
    problem.into()
}
