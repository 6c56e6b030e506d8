//! A server on a free loopback port. It stops when the test's async runtime is dropped.

use std::net::Ipv4Addr;

use axum::{Router, middleware::from_fn};
use tokio::net::TcpListener;

use super::request_hold::{RequestHold, Requests};

pub(crate) struct Server {
    base_url: String,
    requests: Requests,
}

impl Server {
    /// Serves the router that `router` creates. Its argument is the base URL, `http://127.0.0.1:…`.
    pub(crate) async fn start(router: impl AsyncFnOnce(&str) -> Router) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Requests::default();
        let router = router(&base_url).await.layer(from_fn({
            let requests = requests.clone();
            move |request, next| requests.clone().handle(request, next)
        }));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { base_url, requests }
    }

    /// Returns the URL of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Holds back the requests to this path until the returned value is dropped.
    pub(crate) fn hold(&self, path: &str) -> RequestHold {
        self.requests.hold(path)
    }

    /// Returns the number of requests to this path.
    pub(crate) fn count_requests(&self, path: &str) -> usize {
        self.requests.count(path)
    }
}
