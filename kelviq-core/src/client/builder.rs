//! The settings of a client.

use std::{fmt, time::Duration};

use reqwest::redirect::Policy;
use url::Url;

use super::{ApiKey, Environment, Kelviq, environment::base_url, transport::Transport};
use crate::{Error, loopback::is_loopback};

/// The settings of a [`Kelviq`] client.
///
/// ```
/// use std::time::Duration;
/// use kelviq_core::{Environment, Error, Kelviq};
///
/// fn kelviq(api_key: String) -> Result<Kelviq, Error> {
///     Kelviq::builder(api_key)
///         .environment(Environment::Production)
///         .timeout(Duration::from_secs(5))
///         .max_retries(0)
///         .build()
/// }
/// ```
#[must_use]
pub struct KelviqBuilder {
    // Kept unchecked until `build`, so that the settings chain without a `?` each.
    api_key: secrecy::SecretString,
    environment: Environment,
    base_url: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    http_client: reqwest::ClientBuilder,
}

impl KelviqBuilder {
    pub(super) fn new(api_key: String) -> Self {
        Self {
            api_key: api_key.into(),
            environment: Environment::default(),
            base_url: None,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            max_retries: 2,
            http_client: reqwest::Client::builder(),
        }
    }

    pub(super) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let key = lookup(Self::API_KEY_ENV).filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| {
            Error::configuration(
                "KELVIQ_API_KEY is not set; it takes a server API key (server-…) from the Kelviq dashboard",
            )
        })?;
        let environment = lookup(Environment::ENV).unwrap_or_default().parse()?;
        let mut builder = Self::new(key).environment(environment);
        builder.base_url = lookup(Self::BASE_URL_ENV).filter(|url| !url.is_empty());
        Ok(builder)
    }

    /// The environment variable of the server API key.
    pub const API_KEY_ENV: &str = "KELVIQ_API_KEY";

    /// The environment variable of the base URL.
    pub const BASE_URL_ENV: &str = "KELVIQ_BASE_URL";

    pub(super) const VARIABLES: [&str; 3] =
        [Self::API_KEY_ENV, Environment::ENV, Self::BASE_URL_ENV];

    /// Which of Kelviq's environments is asked.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// An address of the API instead of the environment's own: https, or http on loopback. Without a path `/api/v1` is
    /// added.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// The time for a call in all, retries included. 10 s by default, a day at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(DAY);
        self
    }

    /// The part of the [`timeout`](Self::timeout) that may go into one connection. 3 s by default.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// How often a request is sent again where that is safe. 2 by default, 0 never, 10 at most.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries.min(10);
        self
    }

    /// Sends with an HTTP client of your own making: for a proxy with credentials, a private CA, a resolver.
    ///
    /// It is a builder of `reqwest` 0.13. The timeout in all, the connect timeout, redirects, retries, and the limits to
    /// https and on loopback are still set here.
    ///
    /// ```
    /// # use kelviq_core::Kelviq;
    /// # fn kelviq(api_key: String, password: &str) -> Result<Kelviq, Box<dyn std::error::Error>> {
    /// let proxy = reqwest::Proxy::https("http://proxy.internal:3128")?.basic_auth("shop", password);
    /// let kelviq = Kelviq::builder(api_key)
    ///     .http_client(reqwest::Client::builder().proxy(proxy))
    ///     .build()?;
    /// # Ok(kelviq)
    /// # }
    /// ```
    pub fn http_client(mut self, http_client: reqwest::ClientBuilder) -> Self {
        self.http_client = http_client;
        self
    }

    /// Checks the settings and makes the client.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the key or the base URL is malformed, or this machine has
    /// no CA certificates.
    pub fn build(self) -> Result<Kelviq, Error> {
        let api_key = ApiKey::new(self.api_key)?;
        let base_url = base_url(
            self.base_url
                .as_deref()
                .unwrap_or_else(|| self.environment.base_url()),
        )?;
        let http = http_client(self.http_client, &base_url, self.connect_timeout)?;
        let asked = match self.base_url {
            None => format!("the {} environment (KELVIQ_ENV)", self.environment),
            Some(_) => "the Kelviq at this address (KELVIQ_BASE_URL)".to_owned(),
        };
        Ok(Kelviq {
            transport: std::sync::Arc::new(Transport {
                http,
                authorization: api_key.authorization()?,
                api_key,
                asked,
                base_url,
                timeout: self.timeout,
                max_retries: self.max_retries,
            }),
        })
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Shows neither the key nor the address, which is not checked yet and may hold a password.
impl fmt::Debug for KelviqBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KelviqBuilder")
            .field("environment", &self.environment)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_retries", &self.max_retries)
            .finish_non_exhaustive()
    }
}

fn http_client(
    http: reqwest::ClientBuilder,
    base_url: &Url,
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let http = http
        .connect_timeout(connect_timeout)
        .redirect(Policy::none())
        .retry(reqwest::retry::never());
    let http = match (is_loopback(base_url), base_url.scheme()) {
        // A stand-in on loopback is never behind a proxy. Over plain http it needs no CA certificates either.
        (true, "http") => http.no_proxy().tls_certs_only([]),
        (true, _) => http.no_proxy(),
        (false, _) => http.https_only(true),
    };
    http.build().map_err(|error| {
        Error::configuration(
            "the HTTPS client cannot start; are CA certificates installed (on Debian: the package ca-certificates), and does an HTTP client of your own hold?",
        )
        .with_source(error.without_url())
    })
}
