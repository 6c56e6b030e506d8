//! Programs whose memory grows with events or references. Each runs in a process of its own.

use std::{
    fs,
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use kelviq_axum::{MemoryInbox, Offer, Offers, Shop, routes, webhook};
use kelviq_core::{ChargePeriod, Kelviq, WebhookSecret};
use lru::LruCache;
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;
use tower::ServiceExt;

use crate::{
    Result, load,
    requests::Requests,
    webhook_delivery::{Deliveries, Kind, SECRET},
    webhook_servers::is_signed,
};

/// The bound of the workspace's memories, and of the hand-written ones.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// Sends `requests` to the program with this name, half of them at a time, and prints the resident memory in kB before,
/// after the first half, and after the second. `upstream` is the URL of [`upstream`].
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
        "references" => {
            let kelviq = Kelviq::builder("server-4Zc1b7Yt9QpLmN3v").base_url(upstream);
            let shop = Shop::on_loopback(kelviq.build()?);
            let offer = Offer::plan("pro", ChargePeriod::Monthly);
            routes(Offers::builder(shop).offer("pro", offer).build()?)
        }
        "references-by-hand" => {
            let state = (
                load::client()?,
                upstream.to_owned(),
                Sessions::new(LruCache::new(CAPACITY).into()),
            );
            Router::new()
                .route("/pro", post(create_session))
                .with_state(state)
        }
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

async fn send(
    app: &Router,
    numbers: std::ops::Range<usize>,
    request: impl Fn(usize) -> Request,
) -> Result<()> {
    for number in numbers {
        let response = app.clone().oneshot(request(number)).await?;
        let status = response.status();
        if !(status.is_success() || status.is_redirection()) {
            return Err(format!("request {number} was answered with {status}").into());
        }
    }
    Ok(())
}

fn resident_kilobytes() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.ok_or("the process has no VmRSS")?.parse()?)
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
async fn on_delivery(State(seen): State<Seen>, headers: HeaderMap, body: Bytes) -> StatusCode {
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
    if !is_signed(&headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(event) = serde_json::from_slice::<Event>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.put(event.id, ());
    seen.put(event.data.object.id, ());
    StatusCode::OK
}

type Sessions = Arc<Mutex<LruCache<String, String>>>;

/// Creates a session and keeps its id by a reference.
async fn create_session(
    State((client, upstream, sessions)): State<(Client, String, Sessions)>,
) -> Response {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Session {
        checkout_url: String,
        checkout_session_id: String,
    }
    static REFERENCES: AtomicU64 = AtomicU64::new(0);
    let reference = format!("{:032x}", REFERENCES.fetch_add(1, Ordering::Relaxed));
    let success_url = format!("http://127.0.0.1:3000/thanks?reference={reference}");
    let request =
        json!({ "planIdentifier": "pro", "chargePeriod": "MONTHLY", "successUrl": success_url });
    let response = client
        .post(format!("{upstream}/checkout/"))
        .body(request.to_string())
        .send();
    let session = async {
        serde_json::from_slice::<Session>(&response.await?.bytes().await?).map_err(Into::into)
    };
    let session: Result<Session> = session.await;
    let Ok(session) = session else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let mut sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
    sessions.put(reference, session.checkout_session_id);
    Redirect::to(&session.checkout_url).into_response()
}

/// Returns the server that creates sessions.
pub(crate) fn upstream() -> Router {
    static SESSIONS: AtomicU64 = AtomicU64::new(0);
    Router::new().fallback(async |_: Bytes| {
        let id = format!("cs_{:032x}", SESSIONS.fetch_add(1, Ordering::Relaxed));
        let url = format!("https://checkout.kelviq.com/{id}");
        let body = json!({ "checkoutUrl": url, "checkoutSessionId": id });
        (
            [(header::CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
    })
}
