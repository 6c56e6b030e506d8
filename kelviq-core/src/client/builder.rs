//! The settings of a client.

use std::time::Duration;

use reqwest::redirect::Policy;
use url::Url;

use super::{
    ApiKey, Environment, Kelviq,
    environment::{base_url, is_loopback},
    transport::Transport,
};
use crate::Error;

/// The settings of a [`Kelviq`] client.
#[derive(Clone, Debug)]
#[must_use]
pub struct KelviqBuilder {
    // Kept unchecked until `build`, so that the settings chain without a `?` each.
    api_key: secrecy::SecretString,
    environment: Environment,
    base_url: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    http_client: Option<reqwest::Client>,
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
            http_client: None,
        }
    }

    pub(super) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let key = lookup(ApiKey::ENV).filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| {
            Error::configuration(
                "KELVIQ_API_KEY is not set; it takes a server API key (server-…) from the Kelviq dashboard",
            )
        })?;
        let environment = lookup(Environment::ENV).unwrap_or_default().parse()?;
        let mut builder = Self::new(key).environment(environment);
        builder.base_url = lookup(Self::BASE_URL_ENV).filter(|url| !url.trim().is_empty());
        Ok(builder)
    }

    /// The environment variable of the base URL.
    pub const BASE_URL_ENV: &str = "KELVIQ_BASE_URL";

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

    /// The time for a call in all, retries included. 10 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The part of the [`timeout`](Self::timeout) that may go into one connection. 3 s by default.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// How often a request is sent again where that is safe. 2 by default; 0 never.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sends with an HTTP client of your own: for a proxy with credentials, a private CA, a shared pool.
    ///
    /// The [`timeout`](Self::timeout) and the headers are still set for each request; everything else, the connect
    /// timeout too, is the client's. Build it with `redirect::Policy::none()`: a redirect that is followed carries the
    /// request to another address.
    pub fn http_client(mut self, http_client: reqwest::Client) -> Self {
        self.http_client = Some(http_client);
        self
    }

    /// Checks the settings and makes the client.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the key or the base URL is malformed, or this machine has
    /// no CA certificates.
    pub fn build(self) -> Result<Kelviq, Error> {
        let api_key = {
            use secrecy::ExposeSecret;
            ApiKey::new(self.api_key.expose_secret())?
        };
        let base_url = base_url(
            self.base_url
                .as_deref()
                .unwrap_or_else(|| self.environment.base_url()),
        )?;
        let http = match self.http_client {
            Some(http) => http,
            None => http_client(&base_url, self.connect_timeout)?,
        };
        Ok(Kelviq {
            transport: std::sync::Arc::new(Transport {
                http,
                authorization: api_key.authorization()?,
                api_key,
                environment: self.base_url.is_none().then_some(self.environment),
                base_url,
                timeout: self.timeout,
                max_retries: self.max_retries,
            }),
        })
    }
}

fn http_client(base_url: &Url, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    let http = reqwest::Client::builder()
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
            "the HTTPS client cannot start; are CA certificates installed (on Debian: the package ca-certificates)?",
        )
        .with_source(error.without_url())
    })
}
