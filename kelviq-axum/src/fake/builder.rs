//! The settings of a `FakeKelviq`, and its start.

use std::{
    fmt,
    io::{Error, ErrorKind, Result},
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use kelviq_core::{Kelviq, WebhookSecret};
use tokio::{net::TcpListener, sync::watch};

use super::{FakeKelviq, delivery::Endpoint, ids, server, shared::Shared};

/// The settings of a [`FakeKelviq`].
#[derive(Default)]
#[must_use]
pub struct FakeKelviqBuilder {
    port: u16,
    api_key: Option<String>,
    webhook_secret: Option<WebhookSecret>,
    webhook_url: Option<String>,
    delivery_delay: Option<Duration>,
}

impl FakeKelviqBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The port on 127.0.0.1. A free one by default.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The server API key to accept. A random one by default.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// The secret to sign webhooks with. A random one by default.
    pub fn webhook_secret(mut self, secret: WebhookSecret) -> Self {
        self.webhook_secret = Some(secret);
        self
    }

    /// Where to deliver `checkout.completed` when somebody pays on the checkout page. Nowhere by default.
    ///
    /// A delivery that does not end in a 2xx within 10 s is repeated up to 3 times, 60 s apart, as Kelviq does.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }

    /// Sends the buyer back to the shop at once and delivers the webhook this much later, which happens at Kelviq too.
    /// By default the buyer goes back after the first delivery.
    pub fn delivery_delay(mut self, delay: Duration) -> Self {
        self.delivery_delay = Some(delay);
        self
    }

    /// Starts the server, in a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound, or ([`InvalidInput`](ErrorKind::InvalidInput)) the key or the webhook URL is
    /// malformed.
    pub async fn start(self) -> Result<FakeKelviq> {
        let webhook_secret = match self.webhook_secret {
            Some(secret) => secret,
            None => WebhookSecret::new(format!("kq_whsec_{}", ids::random_hex()))
                .map_err(invalid_input)?,
        };
        let api_key = self
            .api_key
            .unwrap_or_else(|| format!("server-{}", ids::random_hex()));
        let endpoint = self.webhook_url.as_deref().map(Endpoint::new).transpose()?;

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let base_url = format!("{origin}{}", server::API);
        let client = Kelviq::builder(api_key.clone())
            .base_url(base_url.clone())
            .build()
            .map_err(invalid_input)?;

        let (running, stop) = watch::channel(());
        let shared = Arc::new(Shared {
            origin,
            api_key,
            webhook_secret,
            endpoint: endpoint.map(Arc::new),
            delivery_delay: self.delivery_delay,
            sessions: Mutex::default(),
            portal_tokens: Mutex::default(),
            answers: Mutex::default(),
            running: stop,
        });
        let server = axum::serve(listener, server::router(shared.clone()))
            .with_graceful_shutdown(shared.stopped());
        tokio::spawn(server.into_future());
        Ok(FakeKelviq {
            shared,
            client,
            base_url,
            _running: running,
        })
    }
}

/// Shows neither the key nor the webhook URL, which may hold a token.
impl fmt::Debug for FakeKelviqBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeKelviqBuilder")
            .field("port", &self.port)
            .field("delivery_delay", &self.delivery_delay)
            .finish_non_exhaustive()
    }
}

fn invalid_input(error: kelviq_core::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, error)
}
