//! The random reference of a checkout.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The random reference of a checkout: 128 bits as 32 hex digits, so that nobody guesses another buyer's.
///
/// It comes back as `?reference=…` on the success URL, stands on error pages and in the log, and belongs into the
/// metadata of an application that looks its order up on the success page.
///
/// ```
/// use axum::{Router, extract::Path, routing::get};
/// use kelviq_axum::Reference;
///
/// // A path that holds anything but a reference is answered with 400.
/// async fn order(Path(reference): Path<Reference>) -> String {
///     format!("We are looking for the order {reference}.")
/// }
///
/// let app: Router = Router::new().route("/orders/{reference}", get(order));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

impl Reference {
    /// The name of the query parameter on the success URL.
    pub const PARAMETER: &str = "reference";

    /// The text: 32 lower-case hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex::encode(bytes)))
    }
}

/// Takes what [`as_str`](Reference::as_str) gives, and nothing else.
impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, ParseReferenceError> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 32 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseReferenceError)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// The text is not a checkout's reference.
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
        f.write_str("a checkout's reference has 32 lower-case hex digits")
    }
}

impl std::error::Error for ParseReferenceError {}
