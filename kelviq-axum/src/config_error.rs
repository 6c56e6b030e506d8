//! The error of an invalid setting.

use std::{error::Error, fmt};

/// An error that describes every invalid setting of a [`Shop`](crate::Shop) or of its [`Offers`](crate::Offers), found
/// when the application starts.
///
/// ```
/// use kelviq_axum::{ConfigError, Shop};
/// use kelviq_core::Kelviq;
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
        // `message` repeats the core error's message, so the chain continues with that error's source.
        self.source.as_ref().and_then(Error::source)
    }
}
