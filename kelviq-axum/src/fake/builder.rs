//! The builder of `FakeKelviq`.

use std::{
    fmt,
    io::{Error, ErrorKind, Result},
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use kelviq_core::{Kelviq, WebhookSecret};
use tokio::{net::TcpListener, sync::watch};

use super::{
    endpoint::Endpoint,
    fake_kelviq::FakeKelviq,
    ids,
    price::{PriceList, listed_units},
    server,
    sessions::Sessions,
    state::FakeState,
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
    port: u16,
    api_key: Option<String>,
    webhook_secret: Option<WebhookSecret>,
    webhook_url: Option<String>,
    delivery_delay: Option<Duration>,
    prices: Vec<(String, String, String)>,
}

impl FakeKelviqBuilder {
    /// Sets the port on 127.0.0.1. By default, a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
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

    /// Sets the URL to which `checkout.completed` is delivered when a session is paid on the checkout page. By default,
    /// no event is delivered.
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

    /// Sets the price of a plan, such as `("team", "180.00", "USD")`. By default, a plan has an example price.
    ///
    /// For a checkout with features, the price is multiplied by the quantity of the first one.
    pub fn price(
        mut self,
        plan: impl Into<String>,
        amount: impl Into<String>,
        currency: impl Into<String>,
    ) -> Self {
        let price = (plan.into(), amount.into(), currency.into());
        self.prices.push(price);
        self
    }

    /// Starts the server in a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the port cannot be bound, or [`InvalidInput`](ErrorKind::InvalidInput) if the API key, the
    /// webhook URL or a price is malformed.
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
        let prices = price_list(self.prices)?;

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let base_url = format!("{origin}{}", server::API);
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
            sessions: Mutex::new(Sessions::new(prices)),
            portal_tokens: Mutex::default(),
            faults: Mutex::default(),
            running: stop,
        });
        let server = axum::serve(listener, server::router(state.clone()))
            .with_graceful_shutdown(state.stopped());
        tokio::spawn(server.into_future());
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
            .field("port", &self.port)
            .field("delivery_delay", &self.delivery_delay)
            .finish_non_exhaustive()
    }
}

fn price_list(prices: Vec<(String, String, String)>) -> Result<PriceList> {
    let mut list = PriceList::new();
    for (plan, amount, currency) in prices {
        let units = listed_units(&amount);
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let (Some(units), true) = (units, is_code) else {
            return Err(invalid_input(format!(
                "the price {amount:?} {currency:?} of the plan {plan:?} is invalid; expected a format such as \"29.00\" \"USD\""
            )));
        };
        list.insert(plan, (units, currency));
    }
    Ok(list)
}

fn invalid_input(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
