//! Where the API is.

use std::{fmt, str::FromStr};

use url::Url;

use crate::{error::Error, loopback::is_loopback};

/// One of Kelviq's two environments. Keys belong to one: the other answers them with 401.
///
/// [`Kelviq::from_env`](crate::Kelviq::from_env) reads `KELVIQ_ENV` by itself. With settings from elsewhere:
///
/// ```
/// use kelviq_core::Environment;
///
/// let kelviq_env = "Production"; // from a settings file, say
/// let environment: Environment = kelviq_env.parse()?;
/// assert_eq!(environment, Environment::Production);
/// assert_eq!("".parse::<Environment>()?, Environment::Sandbox);
/// assert!("live".parse::<Environment>().is_err());
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://sandboxapi.kelviq.com/api/v1`: test data, no money moves.
    #[default]
    Sandbox,
    /// `https://api.kelviq.com/api/v1`: real money.
    Production,
}

impl Environment {
    /// The environment variable that [`Kelviq::from_env`](crate::Kelviq::from_env) reads.
    pub const ENV: &str = "KELVIQ_ENV";

    /// The address of the environment's API.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://sandboxapi.kelviq.com/api/v1",
            Self::Production => "https://api.kelviq.com/api/v1",
        }
    }
}

/// Reads the value of `KELVIQ_ENV`: `sandbox`, `production` or `prod`, in any case; empty means sandbox.
impl FromStr for Environment {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self, Error> {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "sandbox" => Ok(Self::Sandbox),
            "production" | "prod" => Ok(Self::Production),
            _ => Err(Error::configuration(format!(
                "KELVIQ_ENV is {value:?}; expected sandbox or production"
            ))),
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

/// Reads `KELVIQ_BASE_URL`: https, or http on loopback. Without a path `/api/v1` is added, as Kelviq's own libraries do.
///
/// The result ends with a slash, so that a path can be joined to it.
pub(super) fn base_url(text: &str) -> Result<Url, Error> {
    let refuse = |problem: &str| {
        Err(Error::configuration(format!(
            "the base URL (KELVIQ_BASE_URL) {problem}"
        )))
    };
    let Ok(mut url) = Url::parse(text.trim()) else {
        return refuse("is not an absolute URL such as https://sandboxapi.kelviq.com/api/v1");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not hold a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not hold a query or fragment");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return refuse("must be https; http is for loopback only"),
    }
    match url.path().trim_end_matches('/') {
        "" => url.set_path("/api/v1/"),
        path => url.set_path(&format!("{path}/")),
    }
    Ok(url)
}
