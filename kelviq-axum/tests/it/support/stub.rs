//! A Kelviq whose responses a test chooses.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use kelviq_axum::{Shop, kelviq_core::Kelviq};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time};

/// How the stub answers a request.
pub(crate) enum Answer {
    /// As Kelviq does for a customer without subscriptions.
    Default,
    Json(u16, Value),
    /// Not within 5 s, which are over at once. Requires a runtime with one thread.
    Hang,
    /// As by default, but not before it has received this request.
    After(&'static str),
}

/// A request without the query string, e.g. `PATCH /customers/cust_1/`, and its JSON.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) query: String,
    pub(crate) json: Value,
}

/// Records its requests. Clones share them.
#[derive(Clone)]
pub(crate) struct StubKelviq {
    pub(crate) client: Kelviq,
    requests: Requests,
}

type Requests = Arc<Mutex<Vec<Received>>>;

impl StubKelviq {
    /// `answer` returns the answer to a request by its line and the number of earlier requests with the same line.
    pub(crate) async fn start(
        answer: impl Fn(&str, usize) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        let requests = Requests::default();
        let received = Arc::clone(&requests);
        let respond = async move |request: Request<Body>| respond(request, &received, answer).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let api = Router::new().fallback(respond);
        tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
        let client = Kelviq::builder("server-test")
            .base_url(&url)
            .max_retries(0)
            .build();
        Self {
            client: client.unwrap(),
            requests,
        }
    }

    pub(crate) fn shop(&self) -> Shop {
        Shop::new(self.client.clone(), "https://app.example.com").unwrap()
    }

    /// Returns the requests so far whose line begins with `line`.
    pub(crate) fn requests(&self, line: &str) -> Vec<Received> {
        let requests = self.requests.lock().unwrap();
        let requests = requests.iter();
        requests
            .filter(|request| request.line.starts_with(line))
            .cloned()
            .collect()
    }

    /// Returns the lines of all requests so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests("").into_iter();
        requests.map(|request| request.line).collect()
    }
}

async fn respond(
    request: Request<Body>,
    requests: &Requests,
    answer: impl Fn(&str, usize) -> Answer,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().trim_start_matches("/api/v1");
    let line = format!("{} {path}", parts.method);
    let body = body.collect().await.unwrap().to_bytes();
    let count = |line: &str| {
        let requests = requests.lock().unwrap();
        requests.iter().filter(|it| it.line == line).count()
    };
    let earlier = count(&line);
    let sessions = count("POST /checkout/");
    requests.lock().unwrap().push(Received {
        line: line.clone(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        json: serde_json::from_slice(&body).unwrap_or_default(),
    });
    match answer(&line, earlier) {
        Answer::Default => {}
        Answer::Json(status, json) => {
            return (StatusCode::from_u16(status).unwrap(), Json(json)).into_response();
        }
        Answer::Hang => {
            time::pause();
            time::advance(Duration::from_secs(5)).await;
            time::resume();
            return std::future::pending().await;
        }
        Answer::After(other) => {
            while count(other) == 0 {
                tokio::task::yield_now().await;
            }
        }
    }
    if line == "POST /checkout/" {
        let id = format!("cs_{sessions}");
        let url = format!("https://kelviq.com/checkout/{id}/");
        let session = json!({"checkoutUrl": url, "checkoutSessionId": id});
        (StatusCode::CREATED, Json(session)).into_response()
    } else if line == "GET /subscriptions/" {
        Json(subscriptions([])).into_response()
    } else {
        Json(json!({})).into_response()
    }
}

/// Returns a page of subscriptions with these plans and statuses.
pub(crate) fn subscriptions<const N: usize>(subscriptions: [(&str, &str); N]) -> Value {
    let results = subscriptions.map(|(plan, status)| {
        json!({"id": "sub_1", "status": status, "plan": {"name": plan, "identifier": plan}})
    });
    json!({"count": N, "next": null, "previous": null, "results": results[..]})
}
