//! The app's webhook endpoint, and deliveries to it.

use std::{
    io::{Error, ErrorKind, Result},
    sync::{Arc, Mutex},
    time::Duration,
};

use kelviq_core::{__internal::is_loopback, WebhookSecret};
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use tokio::sync::oneshot;
use tracing::{error, info, warn};
use url::Url;

use super::{delivery_log::DeliveryLog, event::Event, sync::lock};

/// Maximum time for one attempt.
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_RETRIES: u32 = 3;

/// The webhook URL with an HTTP client for it.
pub(super) struct Endpoint {
    url: Url,
    http: Client,
}

impl Endpoint {
    pub(super) fn new(url: &str) -> Result<Self> {
        let invalid = |message| Error::new(ErrorKind::InvalidInput, message);
        let url = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| invalid("the webhook URL is not an absolute http or https URL"))?;
        let mut http = Client::builder().timeout(TIMEOUT).redirect(Policy::none());
        if is_loopback(&url) {
            http = http.no_proxy();
            if url.scheme() == "http" {
                // Otherwise the client cannot be built on machines without CA certificates.
                http = http.tls_certs_only([]);
            }
        }
        let http = http
            .build()
            .map_err(|error| Error::other(error.without_url()))?;
        Ok(Self { url, http })
    }

    /// Delivers an event, with up to three retries. Sends on `first_attempt_done` after the first attempt, whether or not
    /// it succeeded. Every attempt is added to the log.
    pub(super) async fn deliver(
        &self,
        event: &Arc<Event>,
        secret: &WebhookSecret,
        log: &Mutex<DeliveryLog>,
        retry_interval: Duration,
        first_attempt_done: oneshot::Sender<()>,
    ) {
        let mut first_attempt_done = Some(first_attempt_done);
        // The query may contain a token.
        let to = format!(
            "{}{}",
            self.url.origin().ascii_serialization(),
            self.url.path()
        );
        let id = &event.id;
        for retry in 0..=MAX_RETRIES {
            if retry > 0 {
                tokio::time::sleep(retry_interval).await;
            }
            let result = self.send(event, secret).await;
            lock(log).add_attempt(event.clone(), result.as_ref().ok().copied());
            let result = match result {
                Ok(status) if !(200..300).contains(&status) => {
                    Err(format!("response status {status}"))
                }
                result => result,
            };
            // The receiver is dropped when the buyer closes the page.
            first_attempt_done.take().map(|sender| sender.send(()));
            match result {
                Ok(status) => {
                    info!("webhook {id} to {to}: delivered, response status {status}");
                    return;
                }
                Err(reason) if retry < MAX_RETRIES => warn!(
                    "webhook {id} to {to}: {reason}; retry {} of {MAX_RETRIES} in {} s",
                    retry + 1,
                    retry_interval.as_secs(),
                ),
                Err(reason) => error!(
                    "webhook {id} to {to}: {reason}; not delivered after {MAX_RETRIES} retries"
                ),
            }
        }
    }

    /// Makes one attempt and returns the status. An error is the reason why there is none, without the URL, which may
    /// contain a secret.
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
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) if error.is_connect() => Err("cannot connect".into()),
            Err(error) if error.is_timeout() => Err("no response within 10 s".into()),
            Err(error) => Err(error.without_url().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum::{Router, http::HeaderMap, http::StatusCode, routing::post};
    use tokio::net::TcpListener;

    use super::*;

    /// Delivers an event to an app that responds with these statuses, and returns the `webhook-id` of each attempt.
    async fn attempts(statuses: Vec<StatusCode>) -> Vec<String> {
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

        let event = Arc::new(Event::new("checkout.completed", "{}", SystemTime::now()));
        let secret = WebhookSecret::new("kq_whsec_test").unwrap();
        let (first_attempt_done, wait) = oneshot::channel();
        let endpoint = Endpoint::new(&url).unwrap();
        endpoint
            .deliver(
                &event,
                &secret,
                &Mutex::default(),
                Duration::ZERO,
                first_attempt_done,
            )
            .await;
        wait.await.unwrap();
        let seen = seen.lock().unwrap();
        seen.clone()
    }

    #[tokio::test]
    async fn any_2xx_ends_the_delivery() {
        assert_eq!(attempts(vec![StatusCode::ACCEPTED]).await.len(), 1);
    }

    #[tokio::test]
    async fn failures_are_retried_three_times_with_the_same_id() {
        let statuses = [500, 302, 409, 404].map(|status| StatusCode::from_u16(status).unwrap());
        let ids = attempts(statuses.to_vec()).await;
        assert_eq!(ids.len(), 4);
        assert!(ids.iter().all(|id| *id == ids[0]));
    }

    #[tokio::test]
    async fn a_retry_that_succeeds_is_the_last() {
        let statuses = vec![StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK];
        assert_eq!(attempts(statuses).await.len(), 2);
    }
}
