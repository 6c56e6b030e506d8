//! The builder of a client, and the constructors that use it.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::{
    api_key::ApiKey,
    base_url::{Name, edge_of, parse_base_url, warn_about_base_url},
    environment::Environment,
    http_client,
    kelviq::Kelviq,
    server::Server,
    transport::Transport,
};
use crate::{error::Error, settings};

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
    api_key: SecretString,
    /// The environment variable of the key, for error messages.
    api_key_env: &'static str,
    environment: Environment,
    base_url: Option<String>,
    edge_base_url: Option<String>,
    allow_insecure_base_url: bool,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    http_client: reqwest::ClientBuilder,
}

impl KelviqBuilder {
    /// The environment variable of the server API key.
    pub const API_KEY_ENV: &str = "KELVIQ_API_KEY";

    /// Another environment variable of the server API key, which Kelviq's documentation uses.
    pub const SERVER_API_KEY_ENV: &str = "KELVIQ_SERVER_API_KEY";

    /// The environment variable of the base URL.
    pub const BASE_URL_ENV: &str = "KELVIQ_BASE_URL";

    /// The environment variable of the base URL of the entitlements.
    pub const EDGE_BASE_URL_ENV: &str = "KELVIQ_EDGE_BASE_URL";

    pub(super) const VARIABLES: [&str; 5] = [
        Self::API_KEY_ENV,
        Self::SERVER_API_KEY_ENV,
        Environment::ENV,
        Self::BASE_URL_ENV,
        Self::EDGE_BASE_URL_ENV,
    ];

    /// Sets the environment. The default is the sandbox.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets a base URL that replaces the environment's, also for the entitlements unless
    /// [`edge_base_url`](Self::edge_base_url) is set.
    ///
    /// The scheme must be https, or http for a loopback address: `localhost`, a name below it such as `fake.localhost`, or a
    /// loopback IP address. If the URL has no path, `/api/v1` is added. In production, the host must not be the sandbox's.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets a base URL for the entitlements, which Kelviq serves from a server of their own. The rules of
    /// [`base_url`](Self::base_url) apply.
    ///
    /// The default is [`Environment::edge_base_url`], or the server that is set with `base_url` if that is not one of Kelviq's
    /// own. If one of the two base URLs is http or on loopback, the other must be so too.
    ///
    /// ```
    /// # use kelviq_core::Kelviq;
    /// let kelviq = Kelviq::builder("server-test")
    ///     .base_url("https://egress.example/kelviq")
    ///     .edge_base_url("https://egress.example/kelviq-edge")
    ///     .build()?;
    /// assert_eq!(kelviq.edge_base_url(), "https://egress.example/kelviq-edge");
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub fn edge_base_url(mut self, edge_base_url: impl Into<String>) -> Self {
        self.edge_base_url = Some(edge_base_url.into());
        self
    }

    /// Sets whether the base URLs can be http for any host. The default is `false`.
    ///
    /// This is for a fake of Kelviq in another container, such as `http://fake-kelviq:4010`. The key and personal data are
    /// then sent unencrypted, so use it only with test data. In production, http remains an error. Requests to an http
    /// base URL use no proxy.
    ///
    /// ```
    /// # use kelviq_core::Kelviq;
    /// let kelviq = Kelviq::builder("server-test")
    ///     .base_url("http://fake-kelviq:4010")
    ///     .allow_insecure_base_url(true)
    ///     .build()?;
    /// assert_eq!(kelviq.insecure_host(), Some("fake-kelviq"));
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub fn allow_insecure_base_url(mut self, allow: bool) -> Self {
        self.allow_insecure_base_url = allow;
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
    /// The argument is a builder of `reqwest` 0.13, so the application needs the same version: `reqwest = "0.13"`. This
    /// builder replaces its total timeout, its connect timeout, and its settings for redirects, retries and https. It disables
    /// `connection_verbose`, which would log the API key. For a base URL that is http or on loopback, it also disables
    /// proxies. A custom HTTP client closes idle connections after reqwest's 90 s instead of 30 s; see `pool_idle_timeout`.
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
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key or a base URL is malformed, or the machine
    /// has no CA certificates.
    pub fn build(self) -> Result<Kelviq, Error> {
        let api_key = ApiKey::new(self.api_key, self.api_key_env)?;
        let (environment, allow_http) = (self.environment, self.allow_insecure_base_url);
        let server = |name, base_url: &str, key_issuer| {
            let base_url = parse_base_url(name, base_url, environment, allow_http)?;
            warn_about_base_url(name, &base_url, environment);
            Ok::<_, Error>(Server::new(base_url, key_issuer))
        };
        let issuer = |variable| format!("the server at this base URL ({variable})");
        let environment_issuer = format!("the {environment} environment (KELVIQ_ENV)");
        let core = match &self.base_url {
            Some(base_url) => server(Name::Core, base_url, issuer("KELVIQ_BASE_URL"))?,
            None => server(Name::Core, environment.base_url(), environment_issuer)?,
        };
        let edge = match &self.edge_base_url {
            Some(base_url) => server(Name::Edge, base_url, issuer("KELVIQ_EDGE_BASE_URL"))?,
            None => Server::new(edge_of(&core.base_url)?, core.key_issuer.clone()),
        };
        let base_urls = [&core.base_url, &edge.base_url];
        let http = http_client::build(self.http_client, base_urls, self.connect_timeout)?;
        Ok(Kelviq {
            transport: Arc::new(Transport {
                http,
                authorization: api_key.authorization()?,
                api_key,
                environment,
                core,
                edge,
                timeout: self.timeout,
                max_retries: self.max_retries,
            }),
        })
    }
}

impl Kelviq {
    /// Creates a client for an environment, with default settings. The key is a text or a `SecretString` of `secrecy` 0.10.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is malformed or the machine has no CA
    /// certificates.
    pub fn new(api_key: impl Into<SecretString>, environment: Environment) -> Result<Self, Error> {
        Self::builder(api_key).environment(environment).build()
    }

    /// Creates a client from environment variables.
    ///
    /// | variable | value |
    /// |---|---|
    /// | `KELVIQ_API_KEY` or `KELVIQ_SERVER_API_KEY` | the server API key; required |
    /// | `KELVIQ_ENV` | `sandbox` (the default) or `production` |
    /// | `KELVIQ_BASE_URL` | a base URL that replaces the environment's, e.g. of a fake server |
    /// | `KELVIQ_EDGE_BASE_URL` | a base URL for the entitlements; if unset, a base URL that replaces the environment's serves them too |
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is missing, if its two variables have different
    /// values, or if a variable is malformed. The message names the variable.
    pub fn from_env() -> Result<Self, Error> {
        let mut variables = HashMap::new();
        for name in KelviqBuilder::VARIABLES {
            variables.insert(name, settings::env_var(name)?);
        }
        Self::builder_from_lookup(|name| variables.get(name)?.clone())?.build()
    }

    /// Returns a builder for a client with custom settings. The default environment is the sandbox.
    ///
    /// The key is a text or a `SecretString` of `secrecy` 0.10.
    pub fn builder(api_key: impl Into<SecretString>) -> KelviqBuilder {
        KelviqBuilder {
            api_key: api_key.into(),
            api_key_env: KelviqBuilder::API_KEY_ENV,
            environment: Environment::default(),
            base_url: None,
            edge_base_url: None,
            allow_insecure_base_url: false,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            max_retries: 2,
            http_client: http_client::builder(),
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
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the key is missing, if its two variables have different
    /// values, or if `KELVIQ_ENV` is malformed. The other settings are validated by [`build`](KelviqBuilder::build).
    pub fn builder_from_lookup(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<KelviqBuilder, Error> {
        let key = |name| lookup(name).filter(|key| !key.is_empty());
        let names = [
            KelviqBuilder::API_KEY_ENV,
            KelviqBuilder::SERVER_API_KEY_ENV,
        ];
        let (api_key, api_key_env) = match names.map(key) {
            [Some(one), Some(other)] if one != other => {
                return Err(Error::configuration(
                    "KELVIQ_API_KEY and KELVIQ_SERVER_API_KEY have different values; unset one of them",
                ));
            }
            [Some(key), _] => (key, names[0]),
            [None, Some(key)] => (key, names[1]),
            [None, None] => {
                return Err(Error::configuration(
                    "KELVIQ_API_KEY is not set; set it (or KELVIQ_SERVER_API_KEY) to a server API key (server-…) from the Kelviq dashboard",
                ));
            }
        };
        let environment = lookup(Environment::ENV).unwrap_or_default().parse()?;
        let mut builder = Self::builder(api_key).environment(environment);
        builder.api_key_env = api_key_env;
        let url = |name| lookup(name).filter(|url| !url.is_empty());
        builder.base_url = url(KelviqBuilder::BASE_URL_ENV);
        builder.edge_base_url = url(KelviqBuilder::EDGE_BASE_URL_ENV);
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
