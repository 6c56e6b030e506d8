//! The error of a server function that sells.

use std::{error::Error, fmt};

use kelviq_core::CheckoutProblem;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The error of a checkout that was not started, or of a customer portal that was not opened.
///
/// It is the error type of the library's server functions, and of the application's own that are passed to
/// [`CheckoutForm`](crate::CheckoutForm). It contains a [`CheckoutProblem`] and, if the server has logged the error, the
/// reference in its log. Kelviq's own error messages never reach the browser.
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

    /// Returns the reference in the server's log, which the buyer can quote to the shop's support.
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

    /// Returns the response body of a server function: the problem's code, a space and the reference.
    pub(crate) fn to_body(&self) -> String {
        let reference = self.reference.as_deref().unwrap_or_default();
        [self.problem.code(), " ", reference].concat()
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

/// For resources, whose value the server sends to the browser in the page.
impl Serialize for CheckoutError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_body())
    }
}

/// Reads any unknown text as [`CheckoutProblem::Internal`], including codes of later versions.
impl<'de> Deserialize<'de> for CheckoutError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = String::deserialize(deserializer)?;
        Ok(Self::parse(body.as_bytes()).unwrap_or_else(|| CheckoutProblem::Internal.into()))
    }
}
