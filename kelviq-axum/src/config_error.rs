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
pub struct ConfigError(Repr);

#[derive(Debug)]
enum Repr {
    Message(String),
    Client(kelviq_core::Error),
}

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Repr::Message(message.into()))
    }
}

impl From<kelviq_core::Error> for ConfigError {
    fn from(error: kelviq_core::Error) -> Self {
        Self(Repr::Client(error))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Message(message) => f.write_str(message),
            Repr::Client(error) => error.fmt(f),
        }
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Repr::Message(_) => None,
            // The message is that of the client's error, so the chain continues with that error's source.
            Repr::Client(error) => error.source(),
        }
    }
}
