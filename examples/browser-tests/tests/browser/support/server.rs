//! A server on a free port of loopback, which ends with the test.

use std::net::Ipv4Addr;

use axum::{Router, middleware::from_fn};
use tokio::net::TcpListener;

use super::gate::{Gates, Held};

pub(crate) struct Server {
    pub(crate) address: String,
    gates: Gates,
}

impl Server {
    /// Serves what `router` makes for the address, `http://127.0.0.1:…`.
    pub(crate) async fn start(router: impl AsyncFnOnce(&str) -> Router) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let gates = Gates::default();
        let router = router(&address).await.layer(from_fn({
            let gates = gates.clone();
            move |request, next| gates.clone().pass(request, next)
        }));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { address, gates }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Requests to this path wait as long as what it gives lives.
    pub(crate) fn hold(&self, path: &str) -> Held {
        self.gates.hold(path)
    }

    /// How many requests to this path have come.
    pub(crate) fn requests_to(&self, path: &str) -> usize {
        self.gates.requests_to(path)
    }
}
