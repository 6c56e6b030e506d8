//! What a server function answers when the buyer is not sent on.

use std::{convert::Infallible, error::Error, fmt};

use kelviq_core::CheckoutProblem;
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// Why a checkout did not start, or the portal did not open: the error of the library's server functions, and of those
/// that an application gives to [`CheckoutForm`](crate::CheckoutForm).
///
/// It carries a problem out of a closed set and the reference that stands in the server's log beside the cause: nothing of
/// Kelviq's own error reaches the browser. A server function of the application can refuse with a problem of its own
/// choice:
///
/// ```
/// use kelviq_leptos::{CheckoutError, CheckoutProblem, CheckoutRedirect};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<CheckoutRedirect, CheckoutError> {
///     if seats > 50 {
///         return Err(CheckoutProblem::InvalidQuantity.into());
///     }
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_axum::kelviq_core::ChargePeriod::Yearly)
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
    /// What went wrong.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// The checkout's reference, to name when asking the shop about it.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// What a component says of a checkout, unless the application words it.
    pub(crate) fn checkout_message(&self) -> String {
        self.with_its_reference(self.problem.message())
    }

    /// What a component says of the portal, unless the application words it.
    pub(crate) fn portal_message(&self) -> String {
        self.with_its_reference(self.problem.portal_message())
    }

    fn with_its_reference(&self, message: &str) -> String {
        match &self.reference {
            Some(reference) => format!("{message} Reference: {reference}"),
            None => message.into(),
        }
    }

    /// The error that a server function answered with, if it is one.
    pub(crate) fn read(answer: &[u8]) -> Option<Self> {
        let (code, reference) = str::from_utf8(answer).ok()?.split_once(' ')?;
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

/// The message of a checkout, in English.
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
            // On the server it is the form that was not read; in the browser, the answer.
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

/// The problem's code and the reference: a format of its own, since reading JSON would be a third of what a button weighs.
impl Encodes<Self> for CheckoutError {
    type Error = Infallible;

    fn encode(error: &Self) -> Result<Bytes, Infallible> {
        let reference = error.reference().unwrap_or_default();
        Ok(Bytes::from([error.problem.code(), " ", reference].concat()))
    }
}

/// A code of a later version, or another answer altogether, is a problem of the application's.
impl Decodes<Self> for CheckoutError {
    type Error = Infallible;

    fn decode(bytes: Bytes) -> Result<Self, Infallible> {
        Ok(Self::read(&bytes).unwrap_or_else(|| CheckoutProblem::Internal.into()))
    }
}
