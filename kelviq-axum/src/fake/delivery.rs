//! Webhook deliveries over HTTP, as Kelviq makes them.

use std::{
    io::{Error, ErrorKind, Result},
    sync::Arc,
    time::Duration,
};

use kelviq_core::WebhookSecret;
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use tokio::sync::oneshot;
use tracing::{error, info, warn};
use url::{Host, Url};

use super::{event::Event, shared::Shared};

const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_RETRIES: u32 = 3;
const BETWEEN_TRIES: Duration = Duration::from_secs(60);

/// Where webhooks go.
pub(super) struct Endpoint {
    url: Url,
    http: Client,
}

impl Endpoint {
    pub(super) fn new(url: &str) -> Result<Self> {
        let invalid = |problem| Error::new(ErrorKind::InvalidInput, problem);
        let url = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| invalid("the webhook URL is not an absolute http or https URL"))?;
        let mut http = Client::builder().timeout(TIMEOUT).redirect(Policy::none());
        if is_loopback(&url) {
            http = http.no_proxy();
            if url.scheme() == "http" {
                // Without this, machines that have no CA certificates could not even speak plain http.
                http = http.tls_certs_only([]);
            }
        }
        let http = http
            .build()
            .map_err(|error| Error::other(error.without_url()))?;
        Ok(Self { url, http })
    }

    /// Tries once; the error says why it failed, without what the URL may hold of secrets.
    async fn send(
        &self,
        event: &Event,
        secret: &WebhookSecret,
    ) -> std::result::Result<u16, String> {
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(event.json.clone());
        for (name, value) in event.sign(secret, None) {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => Ok(response.status().as_u16()),
            Ok(response) => Err(format!("it answered {}", response.status().as_u16())),
            Err(error) if error.is_connect() => Err("nothing listens there".into()),
            Err(error) if error.is_timeout() => Err("no answer within 10 s".into()),
            Err(error) => Err(error.without_url().to_string()),
        }
    }

    /// Tries until it succeeds, and a few times at most. `first_try_is_over` is told after the first.
    async fn deliver(
        &self,
        event: &Event,
        secret: &WebhookSecret,
        between_tries: Duration,
        first_try_is_over: oneshot::Sender<()>,
    ) {
        let mut first_try_is_over = Some(first_try_is_over);
        let to = format!(
            "{}{}",
            self.url.origin().ascii_serialization(),
            self.url.path()
        );
        let id = &event.id;
        for retry in 0..=MAX_RETRIES {
            if retry > 0 {
                tokio::time::sleep(between_tries).await;
            }
            let outcome = self.send(event, secret).await;
            // Nobody waits any more when the buyer has closed the page.
            first_try_is_over.take().map(|sender| sender.send(()));
            match outcome {
                Ok(status) => {
                    info!("webhook {id} to {to}: delivered, it answered {status}");
                    return;
                }
                Err(problem) if retry < MAX_RETRIES => warn!(
                    "webhook {id} to {to}: {problem}; retry {} of {MAX_RETRIES} in {} s",
                    retry + 1,
                    between_tries.as_secs(),
                ),
                Err(problem) => error!("webhook {id} to {to}: {problem}; given up, as Kelviq does"),
            }
        }
    }
}

/// Delivers in the background, so that a buyer who closes the page does not end it. Resolves when the buyer can go
/// back to the shop.
pub(super) async fn deliver(shared: Arc<Shared>, event: Arc<Event>) {
    let Some(endpoint) = shared.endpoint.clone() else {
        info!(
            "webhook {}: not delivered, there is no webhook URL",
            event.id
        );
        return;
    };
    let delay = shared.delivery_delay;
    let (first_try_is_over, wait) = oneshot::channel();
    tokio::spawn(async move {
        let delivery = async {
            if let Some(delay) = delay {
                tokio::time::sleep(delay).await;
            }
            let secret = &shared.webhook_secret;
            endpoint
                .deliver(&event, secret, BETWEEN_TRIES, first_try_is_over)
                .await;
        };
        tokio::select! {
            () = delivery => {}
            () = shared.stopped() => {}
        }
    });
    if delay.is_none() {
        // An error means that the fake is being stopped.
        let _ = wait.await;
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Mutex, time::SystemTime};

    use axum::{Router, http::HeaderMap, http::StatusCode, routing::post};
    use kelviq_core::Metadata;
    use tokio::net::TcpListener;

    use super::*;
    use crate::fake::{judge::Accepted, price::PriceList, sessions::Sessions};

    /// The tries that an app sees which answers with these statuses, as their `webhook-id`s.
    async fn tries(statuses: Vec<StatusCode>) -> Vec<String> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let app = Router::new().route("/hook", {
            let seen = seen.clone();
            post(async move |headers: HeaderMap| {
                let mut seen = seen.lock().unwrap();
                seen.push(headers["webhook-id"].to_str().unwrap().to_owned());
                statuses[seen.len() - 1]
            })
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=x", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, app).await });

        let secret = WebhookSecret::new("kq_whsec_test").unwrap();
        let (first_try_is_over, wait) = oneshot::channel();
        let endpoint = Endpoint::new(&url).unwrap();
        endpoint
            .deliver(&event(), &secret, Duration::ZERO, first_try_is_over)
            .await;
        wait.await.unwrap();
        let seen = seen.lock().unwrap();
        seen.clone()
    }

    fn event() -> Event {
        let mut sessions = Sessions::new(PriceList::new());
        let id = sessions.create(
            String::new(),
            Accepted {
                fields: serde_json::Map::new(),
                metadata: Metadata::new(),
                unknown: Vec::new(),
            },
        );
        Event::checkout_completed(sessions.get(&id).unwrap(), SystemTime::now())
    }

    #[tokio::test]
    async fn any_2xx_ends_the_delivery() {
        assert_eq!(tries(vec![StatusCode::ACCEPTED]).await.len(), 1);
    }

    #[tokio::test]
    async fn failures_are_retried_three_times_with_the_same_id() {
        let statuses = [500, 302, 409, 404].map(|status| StatusCode::from_u16(status).unwrap());
        let ids = tries(statuses.to_vec()).await;
        assert_eq!(ids.len(), 4);
        assert!(ids.iter().all(|id| *id == ids[0]));
    }

    #[tokio::test]
    async fn a_retry_that_succeeds_is_the_last() {
        let statuses = vec![StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK];
        assert_eq!(tries(statuses).await.len(), 2);
    }
}
