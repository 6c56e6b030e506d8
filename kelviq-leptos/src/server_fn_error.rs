//! How a [`CheckoutError`] is created from an error of Leptos, and sent to the browser.

use std::convert::Infallible;

use kelviq_core::CheckoutProblem;
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    error::{FromServerFnError, ServerFnErrorErr},
};

use crate::{
    checkout_error::CheckoutError,
    platform::{error_body, prepare_error},
};

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

/// Writes the problem's code, a space and the reference. Deserializing JSON would make the download of a page
/// larger.
impl Encodes<Self> for CheckoutError {
    type Error = Infallible;

    fn encode(error: &Self) -> Result<Bytes, Infallible> {
        Ok(Bytes::from(error_body(&prepare_error(error))))
    }
}

/// Reads any unknown response body as [`CheckoutProblem::Internal`], like its deserializer.
impl Decodes<Self> for CheckoutError {
    type Error = Infallible;

    fn decode(bytes: Bytes) -> Result<Self, Infallible> {
        Ok(Self::parse(&bytes).unwrap_or_else(|| CheckoutProblem::Internal.into()))
    }
}
