//! Why a buyer was not sent on.

use std::fmt;

use axum::response::{IntoResponse, Response};

/// Why [`Offers::sell`](crate::Offers::sell) or [`Offers::open_portal`](crate::Offers::open_portal) sent nobody on.
///
/// ```
/// use axum::{http::{Request, StatusCode}, response::{IntoResponse, Response}};
/// use kelviq_axum::{Offers, Refused};
///
/// async fn buy(offers: Offers, request: Request<()>) -> Response {
///     let (mut parts, ()) = request.into_parts();
///     match offers.sell("pro-monthly", &[], &mut parts, &()).await {
///         Ok(redirect) => redirect.into_response(),
///         Err(Refused::Rejection(rejection)) => rejection.problem().message().into_response(),
///         Err(refused) => refused.into_response(),
///     }
/// }
/// ```
pub enum Refused<R> {
    /// What went wrong.
    Rejection(R),
    /// The buyer's extractor answered, e.g. with a redirect to the page on which to sign in.
    Buyer(Box<Response>),
}

impl<R> Refused<R> {
    pub(crate) fn by_buyer(rejection: impl IntoResponse) -> Self {
        Self::Buyer(Box::new(rejection.into_response()))
    }
}

impl<R> From<R> for Refused<R> {
    fn from(rejection: R) -> Self {
        Self::Rejection(rejection)
    }
}

impl<R: IntoResponse> IntoResponse for Refused<R> {
    fn into_response(self) -> Response {
        match self {
            Self::Rejection(rejection) => rejection.into_response(),
            Self::Buyer(response) => *response,
        }
    }
}

impl<R: fmt::Debug> fmt::Debug for Refused<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejection(rejection) => f.debug_tuple("Rejection").field(rejection).finish(),
            // The headers of the application's answer can hold a cookie.
            Self::Buyer(response) => f.debug_tuple("Buyer").field(&response.status()).finish(),
        }
    }
}
