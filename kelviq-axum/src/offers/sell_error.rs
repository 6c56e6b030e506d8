//! The error of a sale, or of a portal, that includes the response of the buyer's extractor.

use std::fmt;

use axum::response::{IntoResponse, Response};

use crate::rejection::Rejection;

/// The error of [`Offers::sell`](crate::Offers::sell) and [`Shop::open_portal`](crate::Shop::open_portal).
///
/// ```
/// use axum::{http::Request, response::{IntoResponse, Response}};
/// use kelviq_axum::{Offers, RequestedQuantities, SellError};
///
/// async fn buy(offers: Offers, request: Request<()>) -> Response {
///     let (mut parts, ()) = request.into_parts();
///     let quantities = RequestedQuantities::new();
///     match offers.sell("pro-monthly", &quantities, &mut parts, &()).await {
///         Ok(redirect) => redirect.into_response(),
///         Err(SellError::Rejection(rejection)) => rejection.message().into_response(),
///         Err(error) => error.into_response(),
///     }
/// }
/// ```
pub enum SellError {
    /// The request was rejected, or Kelviq created no session.
    Rejection(Rejection),
    /// The buyer's extractor rejected the request with this response, e.g. a redirect to the sign-in page.
    Buyer(Box<Response>),
}

impl SellError {
    pub(crate) fn buyer(rejection: impl IntoResponse) -> Self {
        Self::Buyer(Box::new(rejection.into_response()))
    }
}

impl From<Rejection> for SellError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejection(rejection)
    }
}

impl IntoResponse for SellError {
    fn into_response(self) -> Response {
        match self {
            Self::Rejection(rejection) => rejection.into_response(),
            Self::Buyer(response) => *response,
        }
    }
}

/// Writes only the status of the buyer's response, because its headers can contain cookies.
impl fmt::Debug for SellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejection(rejection) => f.debug_tuple("Rejection").field(rejection).finish(),
            Self::Buyer(response) => f.debug_tuple("Buyer").field(&response.status()).finish(),
        }
    }
}
