//! Kelviq's environments.

use std::{fmt, str::FromStr};

use crate::error::Error;

/// One of Kelviq's two environments.
///
/// An API key belongs to one environment. Requests to the other environment fail with status 401.
///
/// [`Kelviq::from_env`](crate::Kelviq::from_env) reads the environment from `KELVIQ_ENV`. Settings from other sources can
/// be parsed:
///
/// ```
/// use kelviq_core::Environment;
///
/// let kelviq_env = "Production"; // e.g. from a settings file
/// let environment: Environment = kelviq_env.parse()?;
/// assert_eq!(environment, Environment::Production);
/// assert_eq!("".parse::<Environment>()?, Environment::Sandbox);
/// assert!("live".parse::<Environment>().is_err());
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Test data and test payments, at `https://sandboxapi.kelviq.com/api/v1`.
    #[default]
    Sandbox,
    /// Real payments, at `https://api.kelviq.com/api/v1`.
    Production,
}

impl Environment {
    /// The name of the environment variable that [`Kelviq::from_env`](crate::Kelviq::from_env) reads.
    pub const ENV: &str = "KELVIQ_ENV";

    /// Returns the base URL of the environment's API.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://sandboxapi.kelviq.com/api/v1",
            Self::Production => "https://api.kelviq.com/api/v1",
        }
    }

    /// Returns the base URL of the environment's entitlements, which another server serves.
    pub fn edge_base_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://edge.sandboxapi.kelviq.com/api/v1",
            Self::Production => "https://edge.api.kelviq.com/api/v1",
        }
    }
}

impl Environment {
    /// Returns the host of the environment's API.
    pub(super) fn host(self) -> &'static str {
        match self {
            Self::Sandbox => "sandboxapi.kelviq.com",
            Self::Production => "api.kelviq.com",
        }
    }
}

/// Parses a value of `KELVIQ_ENV`: `sandbox`, `production` or `prod`, ignoring case. An empty value means sandbox.
impl FromStr for Environment {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self, Error> {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "sandbox" => Ok(Self::Sandbox),
            "production" | "prod" => Ok(Self::Production),
            // A longer value, or one with other characters, can contain a secret of another variable.
            name if name.len() <= 20 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                Err(Error::configuration(format!(
                    "KELVIQ_ENV is {value:?}; expected sandbox or production"
                )))
            }
            _ => Err(Error::configuration(
                "KELVIQ_ENV is invalid; expected sandbox or production",
            )),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        })
    }
}
