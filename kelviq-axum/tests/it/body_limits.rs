//! Large and slow request bodies, over a socket.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::StatusCode,
};
use http_body_util::channel::Channel;
use kelviq_axum::{
    Anonymous, Event, MemoryInbox, Offer, Offers, Shop, Webhook, portal, routes, webhook,
};
use kelviq_core::{ChargePeriod, Kelviq, WebhookSecret, WebhookVerifier};

use crate::support::{
    send,
    webhook::{PATH, signed},
};

fn secret() -> WebhookSecret {
    WebhookSecret::new("kq_whsec_test").unwrap()
}

/// Serves a shop, a webhook route and a handler with the `Webhook` extractor.
async fn serve() -> SocketAddr {
    let kelviq = Kelviq::builder("server-test")
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap();
    let offers = Offers::builder(Shop::on_loopback(kelviq))
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .build()
        .unwrap();
    let extractor = axum::routing::post(async |_: Webhook| {});
    let route = webhook(secret(), MemoryInbox::default(), async |_: Event| {});
    let app = Router::new()
        .route("/extractor", extractor)
        .with_state(WebhookVerifier::new(secret()))
        .route(PATH, route)
        .route("/billing", portal::<Anonymous, _>(offers.shop().clone()))
        .nest("/checkout", routes(offers));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// How a sender frames a body.
#[derive(Clone, Copy, Debug)]
enum Framing {
    ContentLength,
    Chunked,
    /// With `Expect: 100-continue`, but without waiting for the response.
    Expect,
}

/// The head of a delivery with well-formed headers and an invalid signature, or of a form.
fn head(path: &str, framing: &str) -> String {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let now = now.as_secs();
    let digest = "0".repeat(64);
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nwebhook-id: evt_1\r\n\
         webhook-timestamp: {now}\r\nwebhook-signature: v1,{digest}\r\n{framing}\r\n\r\n"
    )
}

/// Sends the whole request before it reads the response, like Python's `http.client`.
fn send_then_read(to: SocketAddr, path: &str, size: usize, framing: Framing) -> String {
    send_edited(to, path, size, framing, |head| head)
}

/// Like [`send_then_read`], with an edited head.
fn send_edited(
    to: SocketAddr,
    path: &str,
    size: usize,
    framing: Framing,
    edit: impl Fn(String) -> String,
) -> String {
    let head = |path, framing: &str| edit(head(path, framing));
    let mut socket = TcpStream::connect(to).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut request = Vec::new();
    match framing {
        Framing::ContentLength => {
            request.extend(head(path, &format!("Content-Length: {size}")).into_bytes());
            request.resize(request.len() + size, b'x');
        }
        Framing::Expect => {
            let framing = format!("Content-Length: {size}\r\nExpect: 100-continue");
            request.extend(head(path, &framing).into_bytes());
            request.resize(request.len() + size, b'x');
        }
        Framing::Chunked => {
            request.extend(head(path, "Transfer-Encoding: chunked").into_bytes());
            for _ in 0..size / 8192 {
                request.extend(b"2000\r\n");
                request.resize(request.len() + 8192, b'x');
                request.extend(b"\r\n");
            }
            request.extend(b"0\r\n\r\n");
        }
    }
    if let Err(error) = socket.write_all(&request) {
        return format!("sending failed: {error}");
    }
    let mut response = String::new();
    if let Err(error) = socket.read_to_string(&mut response) {
        return format!("reading failed: {error}");
    }
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    response
        .strip_prefix(interim)
        .unwrap_or(&response)
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn senders_of_2_to_30_mib_read_413() {
    let address = serve().await;
    let senders: Vec<_> = (0..30)
        .map(|index| {
            let path = [PATH, "/extractor", "/checkout/pro"][index / 3 % 3];
            let framing = [Framing::ContentLength, Framing::Chunked, Framing::Expect][index % 3];
            let size = (2 + index * 28 / 29) * 1024 * 1024;
            thread::spawn(move || {
                let response = send_then_read(address, path, size, framing);
                (path, size, framing, response)
            })
        })
        .collect();
    for sender in senders {
        let (path, size, framing, response) =
            tokio::task::spawn_blocking(|| sender.join().unwrap())
                .await
                .unwrap();
        let context = format!("{path}, {size} bytes, {framing:?}: {response}");
        assert!(response.starts_with("HTTP/1.1 413 "), "{context}");
        assert!(response.contains("\r\nconnection: close\r\n"), "{context}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_waits_for_100_continue_is_rejected_without_sending_its_body() {
    let address = serve().await;
    for path in [PATH, "/extractor", "/checkout/pro"] {
        let response = tokio::task::spawn_blocking(move || {
            let mut socket = TcpStream::connect(address).unwrap();
            let framing = "Content-Length: 31457280\r\nExpect: 100-continue";
            socket.write_all(head(path, framing).as_bytes()).unwrap();
            let mut response = [0; 12];
            socket.read_exact(&mut response).unwrap();
            String::from_utf8(response.to_vec()).unwrap()
        });
        assert_eq!(response.await.unwrap(), "HTTP/1.1 413", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn senders_of_large_bodies_read_responses_for_which_the_body_is_not_read() {
    let address = serve().await;
    let requests = [
        ("POST", "/checkout/gone", "same-origin", 404),
        ("POST", "/checkout/pro", "cross-site", 403),
        ("PUT", "/checkout/pro", "same-origin", 405),
        ("PUT", "/checkout/pro/resume", "same-origin", 405),
        ("POST", "/billing", "cross-site", 403),
        ("POST", "/billing", "same-origin", 404),
        ("PUT", "/billing", "same-origin", 405),
        ("PUT", PATH, "same-origin", 405),
    ];
    let senders: Vec<_> = requests
        .into_iter()
        .flat_map(|request| [1, 10, 30].map(|mib| (request, mib)))
        .enumerate()
        .map(|(index, ((method, path, site, status), mib))| {
            let framing = [Framing::ContentLength, Framing::Chunked][index % 2];
            let start = format!("{method} ");
            let site = format!("Sec-Fetch-Site: {site}");
            thread::spawn(move || {
                let edit = |head: String| {
                    head.replace("POST ", &start)
                        .replace("Sec-Fetch-Site: same-origin", &site)
                };
                let body = mib * 1024 * 1024;
                let response = send_edited(address, path, body, framing, edit);
                let context =
                    format!("{method} {path}, {site}, {mib} MiB, {framing:?}: {response}");
                (status, context, response)
            })
        })
        .collect();
    for sender in senders {
        let sender = tokio::task::spawn_blocking(|| sender.join().unwrap());
        let (status, context, response) = sender.await.unwrap();
        let line = format!("HTTP/1.1 {status} ");
        assert!(response.starts_with(&line), "{context}");
        assert!(response.contains("\r\nconnection: close\r\n"), "{context}");
        let allowed = response.contains("\r\nallow: ");
        assert_eq!(allowed, status == 405, "{context}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn senders_that_declare_large_bodies_and_send_nothing_do_not_block_a_large_event() {
    let address = serve().await;
    for path in [PATH, "/extractor"] {
        let status = tokio::task::spawn_blocking(move || {
            let stalled: Vec<_> = (0..100)
                .map(|_| {
                    let mut socket = TcpStream::connect(address).unwrap();
                    let head = head(path, "Content-Length: 1048576");
                    socket.write_all(head.as_bytes()).unwrap();
                    socket
                })
                .collect();
            let id = "evt_large";
            let filler = "x".repeat(200_000);
            let body =
                format!(r#"{{"id":"{id}","type":"a.b","data":{{"object":{{"x":"{filler}"}}}}}}"#);
            let head = head(path, &format!("Content-Length: {}", body.len()));
            let (_, timestamp) = head.split_once("webhook-timestamp: ").unwrap();
            let timestamp = timestamp.lines().next().unwrap();
            let signature = secret().sign(id, timestamp, body.as_bytes());
            let unsigned = format!("v1,{}", "0".repeat(64));
            let head = head.replace("evt_1", id).replace(&unsigned, &signature);
            let mut socket = TcpStream::connect(address).unwrap();
            socket.write_all((head + &body).as_bytes()).unwrap();
            let mut response = [0; 12];
            socket.read_exact(&mut response).unwrap();
            drop(stalled);
            String::from_utf8(response.to_vec()).unwrap()
        });
        assert_eq!(status.await.unwrap(), "HTTP/1.1 200", "{path}");
    }
}

#[tokio::test]
async fn a_large_delivery_that_does_not_fit_into_memory_is_told_to_come_back() {
    let route = webhook(secret(), MemoryInbox::default(), async |_: Event| {});
    let app = Router::new().route(PATH, route);
    let large = || {
        let (sender, body) = Channel::<Bytes>::new(1);
        (
            sender,
            signed(&secret(), "evt_1", "").map(|_| Body::new(body)),
        )
    };
    let chunk = Bytes::from(vec![b'x'; 1_000_000]);
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let (mut sender, request) = large();
        let app = app.clone();
        tokio::spawn(async move { send(&app, request).await });
        sender.send_data(chunk.clone()).await.unwrap();
        // There is space for it when the first part was read.
        sender.send_data(Bytes::from_static(b"x")).await.unwrap();
        waiting.push(sender);
    }
    let (mut sender, request) = large();
    sender.send_data(chunk).await.unwrap();
    let response = send(&app, request).await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), "10");
    assert_eq!(response.header("connection"), "close");

    let body = r#"{"id":"evt_1","type":"a.b","data":{"object":{}}}"#;
    let response = send(&app, signed(&secret(), "evt_1", body)).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_with_invalid_headers_is_rejected_before_its_body_arrives() {
    let address = serve().await;
    for path in [PATH, "/extractor"] {
        for (from, to, status) in [
            ("webhook-id", "x-id", "HTTP/1.1 400"),
            ("v1,00", "v1,zz", "HTTP/1.1 401"),
            (
                "webhook-timestamp: ",
                "webhook-timestamp: 1",
                "HTTP/1.1 401",
            ),
        ] {
            let response = tokio::task::spawn_blocking(move || {
                let mut socket = TcpStream::connect(address).unwrap();
                let head = head(path, "Content-Length: 1000").replace(from, to);
                socket.write_all(head.as_bytes()).unwrap();
                let mut response = [0; 12];
                socket.read_exact(&mut response).unwrap();
                String::from_utf8(response.to_vec()).unwrap()
            });
            assert_eq!(response.await.unwrap(), status, "{path}, {to}");
        }
    }
}
