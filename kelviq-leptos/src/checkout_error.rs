//! The error of a server function that sells.

use std::{convert::Infallible, error::Error, fmt};

use kelviq_core::CheckoutProblem;
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// The error of a checkout that was not started, or of a customer portal that was not opened.
///
/// It is the error type of the library's server functions, and of the application's own that are passed to
/// [`CheckoutForm`](crate::CheckoutForm). It contains a [`CheckoutProblem`] and, if the checkout has one, the reference
/// that is also in the server's log. Kelviq's own error messages never reach the browser.
///
/// A server function can return a problem of its own choice:
///
/// ```
/// use kelviq_leptos::{BuyerRedirect, CheckoutError, CheckoutProblem};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
///     if seats > 50 {
///         return Err(CheckoutProblem::InvalidQuantity.into());
///     }
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_core::ChargePeriod::Yearly)
///         .quantity("seats", seats)
///         .redirect()
///         .await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutError {
    problem: CheckoutProblem,
    reference: Option<String>,
}

impl CheckoutError {
    /// Returns the problem.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// Returns the checkout's reference, which the buyer can quote to the shop's support.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// Returns the default message of a component that starts a checkout.
    pub(crate) fn checkout_message(&self) -> String {
        self.append_reference(self.problem.message())
    }

    /// Returns the default message of a component that opens the customer portal.
    pub(crate) fn portal_message(&self) -> String {
        self.append_reference(self.problem.portal_message())
    }

    fn append_reference(&self, message: &str) -> String {
        match &self.reference {
            Some(reference) => format!("{message} Reference: {reference}"),
            None => message.into(),
        }
    }

    /// Parses the response body of a server function. Returns `None` if it is not an encoded error.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let (code, reference) = str::from_utf8(body).ok()?.split_once(' ')?;
        Some(Self {
            problem: CheckoutProblem::from_code(code)?,
            reference: (!reference.is_empty()).then(|| reference.into()),
        })
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn with_reference(mut self, reference: Option<String>) -> Self {
        self.reference = reference;
        self
    }
}

impl From<CheckoutProblem> for CheckoutError {
    fn from(problem: CheckoutProblem) -> Self {
        Self {
            problem,
            reference: None,
        }
    }
}

/// Writes the problem's message for a checkout, in English.
impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.message())
    }
}

impl Error for CheckoutError {}

impl FromServerFnError for CheckoutError {
    type Encoder = Self;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let problem = match error {
            ServerFnErrorErr::Request(_) => CheckoutProblem::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                CheckoutProblem::UnsupportedBody
            }
            // On the server, this variant means that the request body could not be read. In the browser, it is about the
            // response body, which is an internal error.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => CheckoutProblem::UnreadableBody,
            _ => CheckoutProblem::Internal,
        };
        problem.into()
    }
}

impl ContentType for CheckoutError {
    const CONTENT_TYPE: &str = "text/plain";
}

impl FormatType for CheckoutError {
    const FORMAT_TYPE: Format = Format::Text;
}

/// Writes the problem's code, a space and the reference. Deserializing JSON would add a third to the size of a button.
impl Encodes<Self> for CheckoutError {
    type Error = Infallible;

    fn encode(error: &Self) -> Result<Bytes, Infallible> {
        let reference = error.reference().unwrap_or_default();
        Ok(Bytes::from([error.problem.code(), " ", reference].concat()))
    }
}

/// Reads any unknown response body as [`CheckoutProblem::Internal`], including codes of later versions.
impl Decodes<Self> for CheckoutError {
    type Error = Infallible;

    fn decode(bytes: Bytes) -> Result<Self, Infallible> {
        Ok(Self::parse(&bytes).unwrap_or_else(|| CheckoutProblem::Internal.into()))
    }
}
