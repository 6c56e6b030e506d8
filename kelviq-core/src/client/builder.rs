//! The builder of a client, and the constructors that use it.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use reqwest::redirect::Policy;
use url::Url;

use super::{
    api_key::ApiKey, base_url::parse_base_url, environment::Environment, kelviq::Kelviq,
    transport::Transport,
};
use crate::{error::Error, loopback::is_loopback, settings};

/// A builder for a [`Kelviq`] client with custom settings.
///
/// Created by [`Kelviq::builder`] or [`Kelviq::builder_from_lookup`].
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
    // `build` validates all settings, so that the setters need no `?`.
    api_key: secrecy::SecretString,
    environment: Environment,
    base_url: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    http_client: reqwest::ClientBuilder,
}

impl KelviqBuilder {
    /// The environment variable of the server API key.
    pub const API_KEY_ENV: &str = "KELVIQ_API_KEY";

    /// The environment variable of the base URL.
    pub const BASE_URL_ENV: &str = "KELVIQ_BASE_URL";

    pub(super) const VARIABLES: [&str; 3] =
        [Self::API_KEY_ENV, Environment::ENV, Self::BASE_URL_ENV];

    /// Sets the environment. The default is the sandbox.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets a base URL that replaces the environment's.
    ///
    /// The scheme must be https, or http for a loopback address. If the URL has no path, `/api/v1` is added.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets the timeout of a whole call, including retries. The default is 10 s, the maximum is one day.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(DAY);
        self
    }

    /// Sets the timeout for establishing one connection, which counts towards [`timeout`](Self::timeout). The default is
    /// 3 s.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// Sets the maximum number of retries. The default is 2, the maximum is 10, and 0 disables retries.
    ///
    /// See [`Kelviq`] for when a request is retried.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries.min(MAX_RETRIES);
        self
    }

    /// Sets a custom HTTP client, e.g. for a proxy with credentials, a private CA or a DNS resolver.
    ///
    /// The argument is a builder of `reqwest` 0.13. This builder replaces its total timeout, its connect timeout, and its
    /// settings for redirects, retries and https. For a loopback address, it also disables proxies.
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

    /// Validates the settings and creates the client.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key or the base URL is malformed, or the machine
    /// has no CA certificates.
    pub fn build(self) -> Result<Kelviq, Error> {
        let api_key = ApiKey::new(self.api_key)?;
        let base_url = parse_base_url(
            self.base_url
                .as_deref()
                .unwrap_or_else(|| self.environment.base_url()),
        )?;
        let http = http_client(self.http_client, &base_url, self.connect_timeout)?;
        let key_issuer = match self.base_url {
            None => format!("the {} environment (KELVIQ_ENV)", self.environment),
            Some(_) => "the server at this base URL (KELVIQ_BASE_URL)".to_owned(),
        };
        Ok(Kelviq {
            transport: Arc::new(Transport {
                http,
                authorization: api_key.authorization()?,
                api_key,
                key_issuer,
                base_url,
                timeout: self.timeout,
                max_retries: self.max_retries,
            }),
        })
    }
}

impl Kelviq {
    /// Creates a client for an environment, with default settings.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is malformed or the machine has no CA
    /// certificates.
    pub fn new(api_key: impl Into<String>, environment: Environment) -> Result<Self, Error> {
        Self::builder(api_key).environment(environment).build()
    }

    /// Creates a client from environment variables.
    ///
    /// | variable | value |
    /// |---|---|
    /// | `KELVIQ_API_KEY` | the server API key; required |
    /// | `KELVIQ_ENV` | `sandbox` (the default) or `production` |
    /// | `KELVIQ_BASE_URL` | a base URL that replaces the environment's, e.g. of a fake server |
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is missing or a variable is malformed. The
    /// message names the variable.
    pub fn from_env() -> Result<Self, Error> {
        let mut variables = HashMap::new();
        for name in KelviqBuilder::VARIABLES {
            variables.insert(name, settings::env_var(name)?);
        }
        Self::builder_from_lookup(|name| variables.get(name)?.clone())?.build()
    }

    /// Returns a builder for a client with custom settings. The default environment is the sandbox.
    pub fn builder(api_key: impl Into<String>) -> KelviqBuilder {
        KelviqBuilder {
            api_key: api_key.into().into(),
            environment: Environment::default(),
            base_url: None,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            max_retries: 2,
            http_client: reqwest::Client::builder(),
        }
    }

    /// Returns a builder with the settings that `lookup` finds.
    ///
    /// `lookup` is called with the variable names of [`from_env`](Self::from_env) and returns the values from any source.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use kelviq_core::Kelviq;
    ///
    /// let settings = HashMap::from([
    ///     ("KELVIQ_API_KEY", "server-test"),
    ///     ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"), // a fake server
    /// ]);
    /// let kelviq = Kelviq::builder_from_lookup(|name| settings.get(name).map(ToString::to_string))?.build()?;
    /// assert!(kelviq.is_loopback());
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is missing or `KELVIQ_ENV` is malformed. The
    /// other settings are validated by [`build`](KelviqBuilder::build).
    pub fn builder_from_lookup(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<KelviqBuilder, Error> {
        let api_key = lookup(KelviqBuilder::API_KEY_ENV).filter(|key| !key.is_empty());
        let api_key = api_key.ok_or_else(|| {
            Error::configuration(
                "KELVIQ_API_KEY is not set; set it to a server API key (server-…) from the Kelviq dashboard",
            )
        })?;
        let environment = lookup(Environment::ENV).unwrap_or_default().parse()?;
        let mut builder = Self::builder(api_key).environment(environment);
        builder.base_url = lookup(KelviqBuilder::BASE_URL_ENV).filter(|url| !url.is_empty());
        Ok(builder)
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Upper limit of the number of retries.
pub(super) const MAX_RETRIES: u32 = 10;

/// Omits the key, and the base URL, which is not validated yet and may contain a password.
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
        // A server on loopback is never behind a proxy. Plain http needs no CA certificates.
        (true, "http") => http.no_proxy().tls_certs_only([]),
        (true, _) => http.no_proxy(),
        (false, _) => http.https_only(true),
    };
    http.build().map_err(|error| {
        Error::configuration(
            "the HTTPS client cannot start; are CA certificates installed (on Debian, the package ca-certificates)? If a custom HTTP client is set, check it too",
        )
        .with_source(error.without_url())
    })
}
