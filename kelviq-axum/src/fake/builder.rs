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

use super::{
    FakeKelviq,
    delivery::Endpoint,
    ids,
    price::{PriceList, listed_units},
    server,
    sessions::Sessions,
    shared::Shared,
};

/// The settings of a [`FakeKelviq`].
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

    /// What a plan costs, e.g. `("team", "180.00", "USD")`, instead of the example price. When the checkout has features,
    /// it is the price of one and counts as often as the first of them has quantity.
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

    /// Starts the server, in a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound, or ([`InvalidInput`](ErrorKind::InvalidInput)) the key, the webhook URL or
    /// a price is malformed.
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
            // Its own words are for whoever sets the variable of a client; and the address does hold.
            .map_err(|_| {
                invalid_input(
                    "the API key to accept is not one that a server key can be: it must be printable ASCII without \
                     spaces and quotes, and neither a client key nor a webhook secret"
                        .into(),
                )
            })?;

        let (running, stop) = watch::channel(());
        let shared = Arc::new(Shared {
            origin,
            api_key,
            webhook_secret,
            endpoint: endpoint.map(Arc::new),
            delivery_delay: self.delivery_delay,
            sessions: Mutex::new(Sessions::new(prices)),
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

fn price_list(prices: Vec<(String, String, String)>) -> Result<PriceList> {
    let mut list = PriceList::new();
    for (plan, amount, currency) in prices {
        let units = listed_units(&amount);
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let (Some(units), true) = (units, is_code) else {
            return Err(invalid_input(format!(
                "the price {amount:?} {currency:?} of {plan:?} is not one such as \"29.00\" \"USD\""
            )));
        };
        list.insert(plan, (units, currency));
    }
    Ok(list)
}

fn invalid_input(problem: String) -> Error {
    Error::new(ErrorKind::InvalidInput, problem)
}
