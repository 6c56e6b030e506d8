//! The API client, [`Kelviq`].

use std::{fmt, sync::Arc};

use reqwest::Method;

use super::{
    api_response::ApiResponse, environment::Environment, server::Server, transport::Transport,
};
use crate::{error::Error, loopback};

/// A client for Kelviq's API.
///
/// Clones share one connection pool, so cloning is cheap.
///
/// ```no_run
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Kelviq};
///
/// # async fn run() -> Result<(), kelviq_core::Error> {
/// let kelviq = Kelviq::from_env()?;
/// let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
/// let request = CreateCheckoutSession::new(plan, "https://app.example.com/thanks");
/// let session = kelviq.create_checkout_session(&request).await?;
/// println!("redirect the buyer to {}", session.checkout_url);
/// # Ok(())
/// # }
/// ```
///
/// # Timeouts
///
/// A call takes at most 10 s including retries, and connecting takes at most 3 s. The [builder](Self::builder) can change
/// both.
///
/// # Retries
///
/// Kelviq documents no idempotency key. A request is therefore retried only if it cannot have created a session: after a
/// failed connection, unless the server's certificate is invalid, and after status 429 or 503. A call that only reads, or
/// updates a customer, is retried after a lost connection too. The delay is that of `Retry-After`, or a jittered exponential backoff if that is
/// longer. There is no retry if less than a quarter of the timeout would remain for the response.
///
/// A request that creates something is never retried after a timeout or a lost connection, because the session may exist.
///
/// # Runtime
///
/// The calls need a Tokio runtime whose I/O and time drivers are enabled, as with `#[tokio::main]`. On another executor, they
/// panic. A client can be built outside the runtime.
///
/// # Connections
///
/// - Only https is allowed, except for loopback addresses and with
///   [`allow_insecure_base_url`](crate::KelviqBuilder::allow_insecure_base_url).
/// - Redirects are not followed, so the API key is sent only to the base URL and to that of the entitlements.
/// - Idle connections are closed after 30 s, before common load balancers close them.
/// - `HTTPS_PROXY` and the related environment variables apply to https base URLs that are not on loopback.
#[derive(Clone)]
pub struct Kelviq {
    pub(super) transport: Arc<Transport>,
}

impl Kelviq {
    /// Returns the base URL of the API, e.g. `https://sandboxapi.kelviq.com/api/v1`.
    pub fn base_url(&self) -> &str {
        self.transport.core.base_url.as_str().trim_end_matches('/')
    }

    /// Returns the base URL of the entitlements, e.g. `https://edge.sandboxapi.kelviq.com/api/v1`.
    pub fn edge_base_url(&self) -> &str {
        let base_url = self.transport.edge.base_url.as_str();
        base_url.trim_end_matches('/')
    }

    /// Returns the environment that the client was built for.
    pub fn environment(&self) -> Environment {
        self.transport.environment
    }

    /// Returns the environment and the host that receives the requests, for one line in the log when the application
    /// starts: `production at api.kelviq.com`.
    ///
    /// ```
    /// # use kelviq_core::{Environment, Kelviq};
    /// let kelviq = Kelviq::new("server-test", Environment::Sandbox)?;
    /// assert_eq!(kelviq.target(), "sandbox at sandboxapi.kelviq.com");
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub fn target(&self) -> String {
        format!("{} at {}", self.environment(), self.transport.core.host)
    }

    /// Returns the host of a base URL that is http and not on loopback, which
    /// [`allow_insecure_base_url`](crate::KelviqBuilder::allow_insecure_base_url) allows. The server there is a fake, so its
    /// checkout pages can be on http too.
    pub fn insecure_host(&self) -> Option<&str> {
        let url = &self.transport.core.base_url;
        let is_insecure = url.scheme() == "http" && !self.is_loopback();
        url.host_str().filter(|_| is_insecure)
    }

    /// Returns `true` if the base URL is on loopback, so that requests go to a fake server instead of Kelviq.
    pub fn is_loopback(&self) -> bool {
        loopback::is_loopback(&self.transport.core.base_url)
    }

    /// Sends a `GET` request. Any status other than 2xx is an error.
    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<ApiResponse, Error> {
        self.get_from(&self.transport.core, path, query).await
    }

    /// Sends a `GET` request to the server of the entitlements. Any status other than 2xx is an error.
    pub(crate) async fn get_from_edge(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<ApiResponse, Error> {
        self.get_from(&self.transport.edge, path, query).await
    }

    async fn get_from(
        &self,
        server: &Server,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<ApiResponse, Error> {
        let mut request = server.request(Method::GET, path)?;
        if !query.is_empty() {
            request.url.query_pairs_mut().extend_pairs(query);
        }
        self.transport.send(request).await
    }

    /// Sends JSON in a `POST` request. Any status other than 2xx is an error.
    pub(crate) async fn post(&self, path: &[&str], json: String) -> Result<ApiResponse, Error> {
        let mut request = self.transport.core.request(Method::POST, path)?;
        request.json = Some(json);
        self.transport.send(request).await
    }

    /// Sends JSON in a `PATCH` request for the object whose id is the application's. Any status other than 2xx is an error.
    pub(crate) async fn patch(
        &self,
        path: &[&str],
        id: &str,
        json: String,
    ) -> Result<ApiResponse, Error> {
        let request = self.transport.core.request(Method::PATCH, path)?;
        let mut request = request.with_segment(id);
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
