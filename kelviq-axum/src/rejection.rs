//! The rejection of the checkout, the customer portal, the return page and pages that need a feature.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kelviq_core::{CheckoutProblem, ErrorKind, FieldError};
use url::Url;

use crate::{
    metrics, reference::Reference, request::response_format::ResponseFormat,
    response::error_page::ErrorPage,
};

/// Why a checkout was not started, the customer portal was not opened, a return page was opened without a checkout
/// reference, or a page was not shown that needs a [feature](crate::Access).
///
/// As a response it is a page for the buyer, or JSON for a script, with a fixed message. The log has the cause, with the
/// same [`reference`](Self::reference). The metric counts responses, not rejections that a handler replaces.
///
/// The extensions of the response contain a clone, also around [`routes`](crate::routes) and [`portal`](crate::portal). An
/// application can replace the page with its own: see [`Page`](crate::Page).
///
/// ```
/// use axum::{Router, middleware::map_response, response::{Html, IntoResponse, Redirect, Response}};
/// use kelviq_axum::{CheckoutProblem, Page};
///
/// async fn own_error_pages(response: Response) -> Response {
///     match Page::of(&response) {
///         Some(Page::Error(rejection)) if rejection.problem() == CheckoutProblem::NoCustomer => {
///             Redirect::to("/pricing").into_response()
///         }
///         // The status and headers such as `Retry-After` are kept.
///         Some(Page::Error(rejection)) => Page::replace(response, Html(format!("<h1>{}</h1>", rejection.title()))),
///         _ => response,
///     }
/// }
///
/// let app: Router = Router::new().layer(map_response(own_error_pages));
/// ```
#[derive(Clone, Debug)]
pub struct Rejection {
    operation: Operation,
    problem: CheckoutProblem,
    reference: Option<Reference>,
    error: Option<Arc<kelviq_core::Error>>,
    portal_url: Option<Arc<str>>,
    format: ResponseFormat,
    home: Arc<str>,
}

/// The rejected operation, which determines the title and the message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Checkout,
    Portal,
    Return,
    Access,
}

impl Rejection {
    /// Creates a rejection. `shop_path` is the path of the shop's public URL, which the page links to.
    pub(crate) fn new(
        operation: Operation,
        problem: CheckoutProblem,
        format: ResponseFormat,
        shop_path: &str,
    ) -> Self {
        Self {
            operation,
            problem,
            reference: None,
            error: None,
            portal_url: None,
            format,
            home: shop_path.into(),
        }
    }

    pub(crate) fn with_reference(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }

    pub(crate) fn with_error(mut self, error: impl Into<Arc<kelviq_core::Error>>) -> Self {
        self.error = Some(error.into());
        self
    }

    pub(crate) fn with_portal_url(mut self, url: &Url) -> Self {
        self.portal_url = Some(url.as_str().into());
        self
    }

    pub(crate) fn with_format(mut self, format: ResponseFormat) -> Self {
        self.format = format;
        self
    }

    /// Returns the HTTP status of the response.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the problem.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// Returns the reference of the request, which is also in the log. `None` for a return page without a valid reference,
    /// and for a feature that is not included.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// Returns the message for the buyer, in English. It depends on what was requested.
    pub fn message(&self) -> &'static str {
        match self.operation {
            Operation::Checkout | Operation::Return => self.problem.message(),
            Operation::Portal => self.problem.portal_message(),
            Operation::Access => match self.problem {
                CheckoutProblem::FeatureNotIncluded => self.problem.message(),
                CheckoutProblem::Timeout => {
                    "We could not check what your plan includes. Please try again in a moment."
                }
                _ => "We could not check what your plan includes. Please try again later.",
            },
        }
    }

    /// Returns the delay from the `Retry-After` header of Kelviq's response if Kelviq is busy (429 or 503).
    ///
    /// The response has the same header, of at most an hour. With other statuses, such as 502, it has no meaning for a
    /// browser.
    pub fn retry_after(&self) -> Option<Duration> {
        let error = self.error.as_ref()?;
        let is_busy = self.problem == CheckoutProblem::Busy;
        error.retry_after().filter(|_| is_busy)
    }

    /// Returns the URL of the application's customer portal if the customer has a subscription already
    /// ([`AlreadySubscribed`](CheckoutProblem::AlreadySubscribed)) and the
    /// [path of the portal](crate::OffersBuilder::portal_path) is set. A `GET` returns a page with a button.
    ///
    /// ```
    /// use axum::response::{Html, Response};
    /// use kelviq_axum::Page;
    ///
    /// async fn own_error_pages(response: Response) -> Response {
    ///     match Page::of(&response) {
    ///         Some(Page::Error(rejection)) => {
    ///             let mut html = format!("<h1>{}</h1><p>{}</p>", rejection.title(), rejection.message());
    ///             if let Some(url) = rejection.portal_url() {
    ///                 html += &format!(r#"<a href="{url}">Your subscription</a>"#);
    ///             }
    ///             Page::replace(response, Html(html))
    ///         }
    ///         _ => response,
    ///     }
    /// }
    /// ```
    pub fn portal_url(&self) -> Option<&str> {
        self.portal_url.as_deref()
    }

    /// Returns the invalid fields of the request to Kelviq, such as `discountCode`. It is empty if the request did not fail
    /// because of a field.
    ///
    /// The messages are Kelviq's and are not meant for buyers. A handler that takes a discount code from the buyer can show
    /// the error next to the field:
    ///
    /// ```
    /// use axum::response::{IntoResponse, Redirect, Response};
    /// use kelviq_axum::{Checkout, CheckoutProblem};
    /// use kelviq_core::ChargePeriod;
    ///
    /// // A handler calls this with the code of its form.
    /// async fn buy_with(checkout: Checkout, discount_code: String) -> Response {
    ///     let plan = checkout.plan("pro", ChargePeriod::Monthly);
    ///     match plan.with(|plan| plan.discount_code(discount_code)).redirect().await {
    ///         Ok(redirect) => redirect.into_response(),
    ///         Err(rejection) if rejection.problem() == CheckoutProblem::InvalidDiscountCode => {
    ///             for error in rejection.field_errors() {
    ///                 tracing::info!(field = error.field, message = error.message, "declined");
    ///             }
    ///             Redirect::to("/pricing?coupon=invalid").into_response()
    ///         }
    ///         Err(rejection) => rejection.into_response(),
    ///     }
    /// }
    /// ```
    pub fn field_errors(&self) -> &[FieldError] {
        self.error
            .as_ref()
            .map_or(&[], |error| error.field_errors())
    }

    /// Returns the format of the response.
    pub fn format(&self) -> ResponseFormat {
        self.format
    }

    /// Returns the title of the page, in English.
    pub fn title(&self) -> &'static str {
        match self.operation {
            Operation::Checkout => "Checkout not started",
            Operation::Portal => "Customer portal not opened",
            Operation::Return => "Order not found",
            Operation::Access if self.problem == CheckoutProblem::FeatureNotIncluded => {
                "Not included in your plan"
            }
            Operation::Access => "Page not available",
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        metrics::request_rejected(self.problem);
        let mut response = ErrorPage {
            status: self.status(),
            code: self.problem.code(),
            title: self.title(),
            message: self.message(),
            reference: self.reference(),
            portal_url: self.portal_url(),
            retry_after: self.retry_after(),
            allow_post: self.problem == CheckoutProblem::MethodNotAllowed,
            format: self.format,
            home: &self.home,
        }
        .into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the [`message`](Rejection::message).
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Error for Rejection {
    /// Returns the [`kelviq_core::Error`] of a failed request to Kelviq.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.as_deref().map(|error| error as _)
    }
}

/// Returns the problem that the buyer is shown for a failed request to Kelviq.
pub(crate) fn problem_of(error: &kelviq_core::Error) -> CheckoutProblem {
    match error.response_status() {
        500 => CheckoutProblem::Internal,
        504 => CheckoutProblem::Timeout,
        503 => CheckoutProblem::Busy,
        _ => CheckoutProblem::Upstream,
    }
}

/// Returns `true` if a request failed because of its discount code alone.
pub(crate) fn is_discount_code_declined(error: &kelviq_core::Error) -> bool {
    let fields = error.field_errors();
    let is_invalid =
        error.kind() == ErrorKind::InvalidRequest || matches!(error.status(), Some(400..=499));
    // Kelviq accepts both names of a field, and can return either.
    let is_code = |field: &str| matches!(field, "discountCode" | "discount_code");
    is_invalid && !fields.is_empty() && fields.iter().all(|error| is_code(&error.field))
}
