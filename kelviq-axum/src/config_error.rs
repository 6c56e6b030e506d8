//! What is wrong with how the shop is set up.

use std::{error::Error, fmt};

/// A setting that does not hold, found when the application starts.
///
/// ```
/// use kelviq_axum::{ConfigError, Shop, kelviq_core::Kelviq};
///
/// fn shop(kelviq: Kelviq) -> Option<Shop> {
///     match Shop::new(kelviq, "app.example.com") {
///         Ok(shop) => Some(shop),
///         Err(error) => {
///             // the public URL (PUBLIC_URL) is not an absolute URL such as https://app.example.com
///             eprintln!("{error}");
///             None
///         }
///     }
/// }
/// ```
#[derive(Debug)]
pub struct ConfigError {
    message: String,
    source: Option<kelviq_core::Error>,
}

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }
}

impl From<kelviq_core::Error> for ConfigError {
    fn from(error: kelviq_core::Error) -> Self {
        Self {
            message: error.to_string(),
            source: Some(error),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The message is the core error's own; its cause is the next one in the chain.
        self.source.as_ref().and_then(Error::source)
    }
}
