//! The API client.

mod api_key;
mod api_response;
mod builder;
mod environment;
mod error_body;
mod retry;
mod transport;

use std::{collections::HashMap, fmt, sync::Arc};

use reqwest::Method;

use self::api_key::ApiKey;
pub(crate) use self::api_response::ApiResponse;
use self::transport::Transport;
pub use self::{builder::KelviqBuilder, environment::Environment};
use crate::{Error, env};

/// The client of Kelviq's API. Cloning is cheap and shares the connections.
///
/// ```no_run
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Kelviq};
///
/// # async fn run() -> Result<(), kelviq_core::Error> {
/// let kelviq = Kelviq::from_env()?;
/// let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
/// let request = CreateCheckoutSession::new(plan, "https://app.example.com/thanks");
/// let session = kelviq.create_checkout_session(&request).await?;
/// println!("send the buyer to {}", session.checkout_url);
/// # Ok(())
/// # }
/// ```
///
/// # What it does on the network
///
/// - 10 s for a call in all, retries included, 3 s of it to connect; both can be changed in the [builder](Self::builder).
/// - Kelviq documents no idempotency key, so a request is sent again only when that is safe: when no connection was
///   made, and on 429 and 503, after the time that `Retry-After` asks for or a growing, jittered pause, and only while a
///   quarter of the time remains for the answer. A timeout or a connection that breaks is never followed by a second
///   try: the session may exist.
/// - https only, but for addresses on loopback; no redirect is followed; `HTTPS_PROXY` and its relatives are honoured
///   for all but loopback.
#[derive(Clone)]
pub struct Kelviq {
    transport: Arc<Transport>,
}

impl Kelviq {
    /// A client for one environment with the defaults.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the key is malformed or this machine has no CA
    /// certificates.
    pub fn new(api_key: impl Into<String>, environment: Environment) -> Result<Self, Error> {
        Self::builder(api_key).environment(environment).build()
    }

    /// A client from `KELVIQ_API_KEY`, `KELVIQ_ENV` (`sandbox`, the default, or `production`) and `KELVIQ_BASE_URL`
    /// (instead of the environment's own address; for stand-ins).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the key is missing or a variable is malformed; the error
    /// names the variable.
    pub fn from_env() -> Result<Self, Error> {
        let mut variables = HashMap::new();
        for name in KelviqBuilder::VARIABLES {
            variables.insert(name, env::variable(name)?);
        }
        Self::builder_from(|name| variables.get(name)?.clone())?.build()
    }

    /// Starts a client with settings of its own: sandbox, unless said otherwise.
    pub fn builder(api_key: impl Into<String>) -> KelviqBuilder {
        KelviqBuilder::new(api_key.into())
    }

    /// Starts a client from variables that `lookup` finds: those of [`from_env`](Self::from_env), from any source.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use kelviq_core::Kelviq;
    ///
    /// let settings = HashMap::from([
    ///     ("KELVIQ_API_KEY", "server-test"),
    ///     ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"), // a stand-in
    /// ]);
    /// let kelviq = Kelviq::builder_from(|name| settings.get(name).map(ToString::to_string))?.build()?;
    /// assert!(kelviq.is_loopback());
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Like [`from_env`](Self::from_env).
    pub fn builder_from(lookup: impl Fn(&str) -> Option<String>) -> Result<KelviqBuilder, Error> {
        KelviqBuilder::from_lookup(lookup)
    }

    /// The address of the API that is asked, e.g. `https://sandboxapi.kelviq.com/api/v1`.
    pub fn base_url(&self) -> &str {
        self.transport.base_url.as_str().trim_end_matches('/')
    }

    /// Whether the API that is asked is on loopback: a stand-in, not Kelviq.
    pub fn is_loopback(&self) -> bool {
        crate::loopback::is_loopback(&self.transport.base_url)
    }

    /// `GET` for a path and a query; anything but a 2xx answer is an error.
    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<ApiResponse, Error> {
        let mut request = self.transport.request(Method::GET, path)?;
        if !query.is_empty() {
            request.url.query_pairs_mut().extend_pairs(query);
        }
        self.transport.send(request).await
    }

    /// `POST` of JSON to a path; anything but a 2xx answer is an error.
    pub(crate) async fn post(&self, path: &[&str], json: String) -> Result<ApiResponse, Error> {
        let mut request = self.transport.request(Method::POST, path)?;
        request.json = Some(json);
        self.transport.send(request).await
    }
}

impl fmt::Debug for Kelviq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kelviq")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}
