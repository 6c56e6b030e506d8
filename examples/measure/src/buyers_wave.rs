//! Buyers who all click at the same time.

use std::{collections::BTreeMap, time::Duration};

use reqwest::{Method, Request, StatusCode};
use tokio::{task::JoinSet, time::sleep};

use crate::{Result, buyers_servers::CUSTOMER, buyers_upstream::Counts, load, server::Server};

/// Number of buyers in a wave.
pub(crate) const BUYERS: usize = 4_000;

/// What happened in a wave.
#[derive(Debug, Default)]
pub(crate) struct Wave {
    /// The buyers who were not redirected, with the reason.
    pub(crate) failures: BTreeMap<usize, String>,
    /// The largest number of requests that waited at the upstream at the same time.
    pub(crate) waiting: usize,
    /// The resident memory of the application at that time, in kB.
    pub(crate) resident: f64,
}

impl Wave {
    /// Sends the request of each buyer, each over its own connection. `name` tells the buyers of two waves apart.
    pub(crate) async fn send(app: &Server, upstream: &Server, name: &str) -> Result<Self> {
        let (client, url) = (load::client()?, app.url("/pro"));
        let mut buyers = JoinSet::new();
        for number in 0..BUYERS {
            let request = click(&url, name, number);
            let client = client.clone();
            buyers.spawn(async move {
                let response = match client.execute(request).await {
                    Ok(response) if response.status() == StatusCode::SEE_OTHER => return None,
                    Ok(response) => response.status().to_string(),
                    Err(error) if error.is_connect() => "no connection".to_owned(),
                    Err(error) if error.is_timeout() => "no response in time".to_owned(),
                    Err(_) => "no response".to_owned(),
                };
                Some((number, response))
            });
        }
        let mut wave = Self::default();
        loop {
            tokio::select! {
                buyer = buyers.join_next() => match buyer {
                    Some(failure) => wave.failures.extend(failure?),
                    None => return Ok(wave),
                },
                () = sleep(Duration::from_millis(50)) => {
                    let counts = counts(upstream).await?;
                    if counts.waiting >= wave.waiting {
                        (wave.waiting, wave.resident) = (counts.waiting, app.memory("VmRSS")?);
                    }
                }
            }
        }
    }

    /// Returns the numbers of failures by kind, e.g. `80 × 502 Bad Gateway`.
    pub(crate) fn failures_by_kind(&self) -> String {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in self.failures.values() {
            *kinds.entry(kind).or_default() += 1;
        }
        let kinds: Vec<_> = kinds
            .into_iter()
            .map(|(kind, count)| format!("{count} × {kind}"))
            .collect();
        if kinds.is_empty() {
            return "none".to_owned();
        }
        kinds.join(", ")
    }
}

/// Creates the request of a buyer.
#[expect(
    clippy::unwrap_used,
    reason = "the URL of a server and all headers are valid"
)]
pub(crate) fn click(url: &str, wave: &str, number: usize) -> Request {
    let mut request = Request::new(Method::POST, url.parse().unwrap());
    let headers = request.headers_mut();
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    headers.insert("content-type", form);
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    let customer = format!("buyer-{wave}-{number}");
    headers.insert(CUSTOMER, customer.parse().unwrap());
    request
}

/// Returns the number of the buyer with this customer id.
pub(crate) fn number_of(customer: &str) -> Option<usize> {
    customer.rsplit('-').next()?.parse().ok()
}

/// Returns what the upstream has counted.
pub(crate) async fn counts(upstream: &Server) -> Result<Counts> {
    let response = reqwest::get(upstream.url("/counts")).await?;
    Ok(serde_json::from_slice(&response.bytes().await?)?)
}
