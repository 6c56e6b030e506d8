//! The builder of `FakeKelviq`.

use std::{
    fmt,
    io::{Error, ErrorKind, Result},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use kelviq_core::{Kelviq, WebhookSecret};
use tokio::{net::TcpListener, sync::watch};
use url::Url;

use super::{
    api::API,
    customers::records::Customers,
    endpoint::Endpoint,
    entitlements::records::{Entitlements, PlanFeatures},
    fake_kelviq::FakeKelviq,
    ids,
    price::price_list,
    records::Records,
    server,
    sessions::Sessions,
    state::FakeState,
    subscriptions::records::Subscriptions,
};

impl FakeKelviq {
    /// Starts a server on a free port of 127.0.0.1, with a random API key and webhook secret.
    ///
    /// # Panics
    ///
    /// Panics if no loopback port can be bound.
    pub async fn start() -> Self {
        match Self::builder().start().await {
            Ok(kelviq) => kelviq,
            Err(error) => panic!("FakeKelviq cannot listen on 127.0.0.1: {error}"),
        }
    }

    /// Returns a builder, for example to set the port or a webhook URL.
    pub fn builder() -> FakeKelviqBuilder {
        FakeKelviqBuilder::default()
    }
}

/// A builder for a [`FakeKelviq`] with settings.
///
/// ```
/// use kelviq_axum::fake::FakeKelviq;
/// use kelviq_core::WebhookSecret;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kelviq = FakeKelviq::builder()
///     .api_key("server-test")
///     .webhook_secret(WebhookSecret::new("kq_whsec_test")?)
///     .webhook_url("http://127.0.0.1:3000/webhooks/kelviq")
///     .price("team", "180.00", "USD")
///     .start()
///     .await?;
/// assert_eq!(kelviq.api_key(), "server-test");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct FakeKelviqBuilder {
    address: Option<IpAddr>,
    port: u16,
    public_url: Option<String>,
    api_key: Option<String>,
    webhook_secret: Option<WebhookSecret>,
    webhook_url: Option<String>,
    delivery_delay: Option<Duration>,
    camel_case_logs: bool,
    pub(super) prices: Vec<(String, String, String)>,
    pub(super) features: PlanFeatures,
}

impl FakeKelviqBuilder {
    /// Sets the address to listen on. By default, 127.0.0.1.
    ///
    /// An address beyond loopback, such as `0.0.0.0` in a container, is logged as a warning: everyone who can reach it
    /// can pay the sessions on the checkout page. The server then listens on loopback as well, so that
    /// [`base_url`](FakeKelviq::base_url) and [`client`](FakeKelviq::client) work on this machine.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use kelviq_axum::fake::FakeKelviq;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let kelviq = FakeKelviq::builder().listen(Ipv4Addr::UNSPECIFIED).start().await?;
    /// assert!(kelviq.base_url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn listen(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Sets the port. By default, a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the URL under which browsers reach the server, such as `http://kelviq.test:4010`. The URLs of the checkout
    /// page and the customer portal begin with it. By default, the address that the server listens on, or loopback if
    /// it listens on all addresses.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Sets the server API key to accept. By default, a random one.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Sets the secret to sign webhooks with. By default, a random one.
    pub fn webhook_secret(mut self, secret: WebhookSecret) -> Self {
        self.webhook_secret = Some(secret);
        self
    }

    /// Sets the URL to which events are delivered: those of a payment on the checkout page, and of a cancellation on the
    /// portal's page or through the API. By default, no event is delivered.
    ///
    /// As at Kelviq, a delivery without a 2xx response within 10 s is retried up to 3 times, 60 s apart.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }

    /// Delays the webhook and redirects the buyer back to the shop without waiting for it, which also happens at Kelviq.
    /// By default, the buyer is redirected after the first delivery attempt.
    pub fn delivery_delay(mut self, delay: Duration) -> Self {
        self.delivery_delay = Some(delay);
        self
    }

    /// Converts the keys in the payloads of the webhook log (`GET /webhook/logs/`) to camelCase, except in metadata. By
    /// default, they are in `snake_case`, as in the deliveries.
    ///
    /// Kelviq does not document which of the two it does, so an application that reads the log is tested with both.
    pub fn camel_case_logs(mut self) -> Self {
        self.camel_case_logs = true;
        self
    }

    /// Starts the server in a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the address and the port cannot be bound, or [`InvalidInput`](ErrorKind::InvalidInput) if the
    /// API key, the public URL, the webhook URL or a price is malformed.
    pub async fn start(self) -> Result<FakeKelviq> {
        let webhook_secret = match self.webhook_secret {
            Some(secret) => secret,
            None => WebhookSecret::new(format!("kq_whsec_{}", ids::random_hex()))
                .map_err(Error::other)?,
        };
        let api_key = self
            .api_key
            .unwrap_or_else(|| format!("server-{}", ids::random_hex()));
        let endpoint = self.webhook_url.as_deref().map(Endpoint::new).transpose()?;
        let prices = price_list(self.prices).map_err(invalid_input)?;

        let public_url = self.public_url.as_deref().map(origin_of).transpose()?;

        let address = self.address.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = TcpListener::bind((address, self.port)).await?;
        let bound = listener.local_addr()?;
        let loopback = SocketAddr::new(loopback_for(address), bound.port());
        let has_loopback = address.is_loopback() || address.is_unspecified();
        let loopback_listener = if has_loopback {
            None
        } else {
            Some(TcpListener::bind(loopback).await?)
        };
        let local_url = format!("http://{loopback}");
        let base_url = format!("{local_url}{API}");
        let origin = match public_url {
            Some(url) => url,
            None if has_loopback => local_url,
            None => format!("http://{bound}"),
        };
        let client = Kelviq::builder(api_key.clone())
            .base_url(base_url.clone())
            .build()
            // Replaces the client's error, which names `KELVIQ_API_KEY`. Only the key can be invalid here, because the base
            // URL is generated above.
            .map_err(|_| {
                invalid_input(
                    "the API key to accept is not a valid server key: it must be printable ASCII without spaces and \
                     quotes, and neither a client key nor a webhook secret"
                        .into(),
                )
            })?;

        let (running, stop) = watch::channel(());
        let state = Arc::new(FakeState {
            origin,
            api_key,
            webhook_secret,
            endpoint: endpoint.map(Arc::new),
            delivery_delay: self.delivery_delay,
            records: Mutex::new(Records {
                customers: Customers::default(),
                sessions: Sessions::new(prices),
                subscriptions: Subscriptions::default(),
                entitlements: Entitlements::new(self.features),
            }),
            delivery_log: Mutex::default(),
            camel_case_logs: self.camel_case_logs,
            portal_tokens: Mutex::default(),
            faults: Mutex::default(),
            running: stop,
        });
        if !address.is_loopback() {
            tracing::warn!(
                "listening on {bound}, beyond loopback: everyone who can reach it can pay checkouts here"
            );
        }
        for listener in [Some(listener), loopback_listener].into_iter().flatten() {
            let server = axum::serve(listener, server::router(state.clone()))
                .with_graceful_shutdown(state.stopped());
            tokio::spawn(server.into_future());
        }
        Ok(FakeKelviq {
            state,
            client,
            base_url,
            _running: running,
        })
    }
}

/// Shows neither the key nor the webhook URL, which may contain a token.
impl fmt::Debug for FakeKelviqBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeKelviqBuilder")
            .field("address", &self.address)
            .field("port", &self.port)
            .field("delivery_delay", &self.delivery_delay)
            .finish_non_exhaustive()
    }
}

/// Returns the loopback address that reaches a server at `address`, or one of the same kind.
fn loopback_for(address: IpAddr) -> IpAddr {
    match address {
        _ if address.is_loopback() => address,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Returns the public URL without the slash at its end.
fn origin_of(url: &str) -> Result<String> {
    let parsed = Url::parse(url).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let parsed = parsed.ok_or_else(|| {
        invalid_input(
            "the public URL is not an http or https URL without a path, such as http://kelviq.test:4010"
                .into(),
        )
    })?;
    Ok(parsed.origin().ascii_serialization())
}

fn invalid_input(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
