//! What can go wrong for a buyer: a closed set, each with a status and a sentence that is safe to show.

use axum::http::StatusCode;
use kelviq_core::ErrorKind;

/// Why a checkout did not start, as far as a buyer may know it.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::{CheckoutProblem, CheckoutRejection};
///
/// fn answer(rejection: CheckoutRejection) -> Response {
///     match rejection.problem() {
///         CheckoutProblem::UnknownOffer => Redirect::to("/pricing").into_response(),
///         problem => (problem.status(), problem.sentence()).into_response(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckoutProblem {
    /// 404: there is no such offer.
    UnknownOffer,
    /// 422: a quantity is not a number, or outside what the offer allows.
    InvalidQuantity,
    /// 413: the form is larger than any checkout form.
    BodyTooLarge,
    /// 415: the body is not a form.
    UnsupportedBody,
    /// 400: the body broke off, or took over 10 s.
    UnreadableBody,
    /// 403: another site sent the request.
    CrossSite,
    /// 400: the request came to an address that is not the shop's.
    WrongAddress,
    /// 503: Kelviq is overloaded or closed for a moment.
    Busy,
    /// 504: Kelviq did not answer in time.
    Timeout,
    /// 502: Kelviq cannot be reached, refused the request, or answered something unusable.
    Upstream,
    /// 500: the application asked for something that cannot be.
    Internal,
}

impl CheckoutProblem {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::UnknownOffer => StatusCode::NOT_FOUND,
            Self::InvalidQuantity => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedBody => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnreadableBody | Self::WrongAddress => StatusCode::BAD_REQUEST,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Upstream => StatusCode::BAD_GATEWAY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A stable code for scripts, e.g. `unknown_offer`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownOffer => "unknown_offer",
            Self::InvalidQuantity => "invalid_quantity",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedBody => "unsupported_body",
            Self::UnreadableBody => "unreadable_body",
            Self::CrossSite => "cross_site",
            Self::WrongAddress => "wrong_address",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Upstream => "upstream",
            Self::Internal => "internal",
        }
    }

    /// The sentence for the buyer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::UnknownOffer => "This offer does not exist, or is no longer sold.",
            Self::InvalidQuantity => "The quantity is not one that this offer allows.",
            Self::BodyTooLarge => "The form is too large.",
            Self::UnsupportedBody => "The checkout takes a plain form only.",
            Self::UnreadableBody => "The form did not arrive whole. Please try again.",
            Self::CrossSite => "This request came from another site, so no checkout was started.",
            Self::WrongAddress => "The shop cannot be reached at this address.",
            Self::Busy => {
                "The payment service is busy. You have not been charged; please try again in a moment."
            }
            Self::Timeout => {
                "The payment service did not answer in time. You have not been charged; please try again in a moment."
            }
            Self::Upstream | Self::Internal => {
                "The checkout could not be started. You have not been charged; please try again later."
            }
        }
    }

    pub(crate) fn of(error: &kelviq_core::Error) -> Self {
        match (error.kind(), error.status()) {
            (ErrorKind::InvalidRequest | ErrorKind::Configuration, _) => Self::Internal,
            (ErrorKind::Timeout, _) | (_, Some(504)) => Self::Timeout,
            (_, Some(429 | 503)) => Self::Busy,
            _ => Self::Upstream,
        }
    }
}
