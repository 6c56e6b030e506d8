//! Requests over a number of connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, Request, StatusCode, redirect::Policy};
use tokio::task::JoinSet;

use crate::Result;

/// What the senders of a load saw.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) elapsed: Duration,
    /// The duration of each request, in ascending order.
    latencies: Vec<Duration>,
}

impl Load {
    /// Sends requests one after the other over each of the connections, until `requests` were sent.
    ///
    /// `request` creates the request with this number, starting from 0.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails or has another status than `expected`.
    pub(crate) async fn send(
        connections: usize,
        requests: usize,
        expected: StatusCode,
        request: impl Fn(usize) -> Request + Send + Sync + 'static,
    ) -> Result<Self> {
        let client = client()?;
        let (request, next) = (Arc::new(request), Arc::new(AtomicUsize::new(0)));
        let started = Instant::now();
        let mut senders: JoinSet<Result<Vec<Duration>>> = JoinSet::new();
        for _ in 0..connections {
            let (client, request, next) = (client.clone(), request.clone(), next.clone());
            senders.spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return Ok(latencies);
                    }
                    let request = request(number);
                    let started = Instant::now();
                    let response = client.execute(request).await?;
                    let status = response.status();
                    response.bytes().await?;
                    latencies.push(started.elapsed());
                    if status != expected {
                        return Err(
                            format!("request {number}: expected {expected}, was {status}").into(),
                        );
                    }
                }
            });
        }
        let mut latencies = Vec::with_capacity(requests);
        while let Some(sender) = senders.join_next().await {
            latencies.extend(sender??);
        }
        let elapsed = started.elapsed();
        latencies.sort_unstable();
        Ok(Self { elapsed, latencies })
    }

    /// Returns the number of requests per second.
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Returns the duration that 99 of 100 requests do not exceed.
    pub(crate) fn p99(&self) -> Duration {
        let index = (self.latencies.len() * 99).div_ceil(100).saturating_sub(1);
        self.latencies.get(index).copied().unwrap_or_default()
    }
}

/// Returns a client that keeps its connections and does not follow redirects.
pub(crate) fn client() -> Result<Client> {
    Ok(Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(Duration::from_mins(1))
        .build()?)
}
