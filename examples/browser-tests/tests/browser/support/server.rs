//! A server on a free loopback port. It stops when the test's async runtime is dropped.

use std::net::Ipv4Addr;

use axum::{Router, middleware::from_fn};
use tokio::net::TcpListener;

use super::{
    connection::Network,
    request_hold::{RequestHold, Requests},
};

pub(crate) struct Server {
    base_url: String,
    requests: Requests,
    network: Network,
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
        let network = Network::new();
        let listener = network.listen(listener);
        tokio::spawn(async { axum::serve(listener, router).await });
        Self {
            base_url,
            requests,
            network,
        }
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

    /// Returns the connection to the server, for example to slow it down.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }
}
