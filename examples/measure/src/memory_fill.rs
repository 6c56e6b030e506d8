//! Programs whose memory grows with events or references. Each runs in a process of its own.

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    routing::post,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use kelviq_axum::{MemoryInbox, webhook};
use kelviq_core::WebhookSecret;
use lru::LruCache;
use serde::Deserialize;
use tower::ServiceExt;

use crate::{
    Result,
    buyers_servers::{self, CAPACITY},
    requests::Requests,
    server::kilobytes,
    webhook_delivery::{Deliveries, Kind, SECRET},
    webhook_servers::verify,
};

/// Number of requests at a time.
const CONCURRENCY: usize = 16;

/// Sends `requests` to the program with this name in two halves, and prints the resident memory in kB before,
/// after the first half, and after the second. `upstream` is the URL of the server that creates sessions.
pub(crate) async fn fill(name: &str, requests: usize, upstream: &str) -> Result<()> {
    let deliveries = Deliveries::new(0, Kind::Accepted)?;
    let app = match name {
        "events" => {
            let secret = WebhookSecret::new(SECRET)?;
            let on_event = async |_: kelviq_axum::Event| ();
            Router::new().route("/", webhook(secret, MemoryInbox::default(), on_event))
        }
        "events-by-hand" => {
            let seen = Seen::new(LruCache::new(CAPACITY).into());
            Router::new().route("/", post(on_delivery)).with_state(seen)
        }
        "references" => buyers_servers::route(upstream)?,
        "references-by-hand" => buyers_servers::by_hand(upstream)?,
        _ => return Err(format!("there is no program named {name}").into()),
    };
    let request = |number| {
        if name.starts_with("events") {
            delivery(&deliveries, number)
        } else {
            click()
        }
    };
    // The first requests are not part of the growth.
    send(&app, 0..16, request).await?;
    println!("{}", resident_kilobytes()?);
    for half in [16..requests / 2, requests / 2..requests] {
        send(&app, half, request).await?;
        println!("{}", resident_kilobytes()?);
    }
    Ok(())
}

/// Sends the requests, several at a time.
async fn send(
    app: &Router,
    numbers: std::ops::Range<usize>,
    request: impl Fn(usize) -> Request,
) -> Result<()> {
    let responses = stream::iter(numbers).map(|number| app.clone().oneshot(request(number)));
    let mut responses = responses.buffer_unordered(CONCURRENCY);
    while let Some(response) = responses.try_next().await? {
        let status = response.status();
        if !(status.is_success() || status.is_redirection()) {
            return Err(format!("a request was answered with {status}").into());
        }
    }
    Ok(())
}

fn resident_kilobytes() -> Result<f64> {
    kilobytes(&fs::read_to_string("/proc/self/status")?, "VmRSS")
}

fn delivery(deliveries: &Deliveries, number: usize) -> Request {
    let mut request = deliveries.request("http://127.0.0.1/", number);
    let headers = std::mem::take(request.headers_mut());
    let body = request.body_mut().take();
    let body = body.and_then(|body| body.as_bytes().map(Bytes::copy_from_slice));
    let mut request = Request::new(Body::from(body.unwrap_or_default()));
    *request.method_mut() = axum::http::Method::POST;
    *request.headers_mut() = headers;
    request
}

/// The request of a browser for a checkout.
fn click() -> Request {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = axum::http::Method::POST;
    *request.uri_mut() = axum::http::Uri::from_static("/pro");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, form);
    headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:3000"));
    headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
    request
}

type Seen = Arc<Mutex<LruCache<String, ()>>>;

/// Handles an event once, and its checkout once.
async fn on_delivery(
    State(seen): State<Seen>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), StatusCode> {
    #[derive(Deserialize)]
    struct Event {
        id: String,
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        object: Object,
    }
    #[derive(Deserialize)]
    struct Object {
        id: String,
    }
    let event: Event = verify(&headers, &body)?;
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.put(event.id, ());
    seen.put(event.data.object.id, ());
    Ok(())
}
