//! Kelviq's endpoint for entitlements.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use kelviq_axum::Shop;
use kelviq_core::Kelviq;
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{OwnedRwLockWriteGuard, RwLock},
    task::JoinHandle,
    time::{advance, pause, resume},
};

/// What Kelviq responds.
#[derive(Clone)]
pub(crate) enum Reply {
    /// The features, each with `hasAccess`.
    Features(Vec<(&'static str, bool)>),
    Status(u16),
    TooManyRequests {
        retry_after: u32,
    },
    Html,
    /// As a server does that does not know the path.
    UnknownPath,
}

#[derive(Clone)]
struct Api {
    requests: Arc<Mutex<Vec<String>>>,
    reply: Arc<Mutex<Reply>>,
    gate: Arc<Mutex<Arc<RwLock<()>>>>,
}

pub(crate) struct Upstream {
    api: Api,
    url: String,
    server: JoinHandle<()>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let api = Api {
            requests: Arc::default(),
            reply: Arc::new(Mutex::new(Reply::Features(vec![]))),
            gate: Arc::default(),
        };
        let router = Router::new()
            .route("/api/v1/entitlements/", get(entitlements))
            .with_state(api.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { api, url, server }
    }

    pub(crate) fn shop(&self) -> Shop {
        let kelviq = Kelviq::builder("server-test").base_url(&self.url);
        let kelviq = kelviq.max_retries(0).build().unwrap();
        Shop::new(kelviq, "https://app.example.com").unwrap()
    }

    /// Sets the response to the next requests.
    pub(crate) fn reply(&self, reply: Reply) {
        *self.api.reply.lock().unwrap() = reply;
    }

    /// Every customer has access to these features.
    pub(crate) fn grant(&self, features: &[&'static str]) {
        let features = features.iter().map(|feature| (*feature, true));
        self.reply(Reply::Features(features.collect()));
    }

    /// Holds the responses to the next requests until the guard is dropped.
    pub(crate) fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        let gate = Arc::new(RwLock::new(()));
        let guard = Arc::clone(&gate).try_write_owned().unwrap();
        *self.api.gate.lock().unwrap() = gate;
        guard
    }

    /// Sends the responses to the next requests at once.
    pub(crate) fn do_not_hold(&self) {
        drop(self.hold());
    }

    /// Returns the number of requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.api.requests.lock().unwrap().len()
    }

    /// Waits until this number of requests has arrived.
    pub(crate) async fn arrived(&self, requests: usize) {
        while self.requests() < requests {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.requests(), requests);
    }

    /// Refuses further connections.
    pub(crate) async fn stop(self) {
        self.server.abort();
        let _ = self.server.await;
    }
}

async fn entitlements(
    State(api): State<Api>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let customer_id = &query["customer_id"];
    // A response that is held is still the one of the time of the request.
    let (reply, gate) = (
        api.reply.lock().unwrap().clone(),
        Arc::clone(&api.gate.lock().unwrap()),
    );
    api.requests.lock().unwrap().push(customer_id.clone());
    let _open = gate.read().await;
    let response = match reply {
        Reply::Features(features) => {
            let entries = features.into_iter().map(|(feature, has_access)| {
                json!({"featureId": feature, "featureType": "BOOLEAN", "hasAccess": has_access})
            });
            let entries: Vec<_> = entries.collect();
            Json(json!({"customerId": customer_id, "entitlements": entries})).into_response()
        }
        Reply::Status(status) => {
            let body = Json(json!({"detail": "an error of the test"}));
            (StatusCode::from_u16(status).unwrap(), body).into_response()
        }
        Reply::TooManyRequests { retry_after } => {
            let retry_after = [(header::RETRY_AFTER, retry_after.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, retry_after).into_response()
        }
        Reply::Html => Html("<h1>Maintenance</h1>").into_response(),
        Reply::UnknownPath => (StatusCode::NOT_FOUND, Html("<h1>Not Found</h1>")).into_response(),
    };
    // A stopped server keeps no connection.
    ([(HeaderName::from_static("connection"), "close")], response).into_response()
}

/// Makes time pass.
pub(crate) async fn pass(time: Duration) {
    pause();
    advance(time).await;
    resume();
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
