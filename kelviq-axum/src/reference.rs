//! The random reference of a checkout.

use std::{fmt, str::FromStr};

use kelviq_core::__internal::{REFERENCE_PARAMETER, is_reference};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The random reference of a checkout: 128 bits as 32 hexadecimal digits, so that it cannot be guessed.
///
/// The success URL has it as the query parameter `reference`. Error pages and log events show it too. An application
/// that looks up the order on its success page puts the reference into the checkout's metadata.
///
/// ```
/// use axum::{Router, extract::Path, routing::get};
/// use kelviq_axum::Reference;
///
/// // axum rejects a path without a valid reference with 400.
/// async fn order(Path(reference): Path<Reference>) -> String {
///     format!("We are looking for the order {reference}.")
/// }
///
/// let app: Router = Router::new().route("/orders/{reference}", get(order));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference([u8; 32]);

impl Reference {
    /// Name of the query parameter on the success URL.
    pub const PARAMETER: &str = REFERENCE_PARAMETER;

    /// Returns the text: 32 lower-case hexadecimal digits.
    pub fn as_str(&self) -> &str {
        // Cannot fail: the bytes are hexadecimal digits.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the 128 bits.
    pub(crate) fn bits(&self) -> [u8; 16] {
        let mut bits = [0; 16];
        // Cannot fail: the text has 32 hexadecimal digits.
        let _ = hex::decode_to_slice(self.0, &mut bits);
        bits
    }

    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let mut digits = [0; 32];
        // Cannot fail: each byte has two digits.
        let _ = hex::encode_to_slice(bytes, &mut digits);
        Ok(Self(digits))
    }
}

/// Returns a random reference. `None` if the operating system provides no random numbers.
pub fn random_reference() -> Option<Reference> {
    Reference::random().ok()
}

/// Parses the text that [`as_str`](Reference::as_str) returns, and nothing else.
impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, ParseReferenceError> {
        let digits = text.as_bytes().try_into();
        let digits = digits.map_err(|_| ParseReferenceError)?;
        is_reference(text)
            .then_some(Self(digits))
            .ok_or(ParseReferenceError)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reference").field(&self.as_str()).finish()
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// An error that is returned when a text is not a [`Reference`].
///
/// ```
/// use axum::http::StatusCode;
/// use kelviq_axum::{ParseReferenceError, Reference};
///
/// fn reference(text: &str) -> Result<Reference, StatusCode> {
///     text.parse().map_err(|ParseReferenceError| StatusCode::BAD_REQUEST)
/// }
///
/// assert!(reference("0123456789abcdef0123456789abcdef").is_ok());
/// assert_eq!(reference("ABC-123"), Err(StatusCode::BAD_REQUEST));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseReferenceError;

impl fmt::Display for ParseReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a checkout reference has 32 lower-case hexadecimal digits")
    }
}

impl std::error::Error for ParseReferenceError {}
