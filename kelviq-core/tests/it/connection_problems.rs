//! What an error says about a failed connection.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use kelviq_core::{Error, ErrorKind, KelviqBuilder};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    request::request,
    upstream::{KEY, builder},
};

/// A server that sends the same bytes on every connection after the first bytes of the client, and then closes it.
async fn server(answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 8192]).await;
            let _ = stream.write_all(&answer).await;
            // The client closes the connection first, so that it reads the whole answer.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    (address, connections)
}

/// The first messages of a TLS 1.2 server whose certificate is malformed. They are not encrypted.
fn server_hello() -> Vec<u8> {
    let message = |kind: u8, body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind], &length[1..], body].concat()
    };
    let random = [7; 32];
    let hello = [&[3, 3][..], &random, &[0, 0xc0, 0x2f, 0]].concat();
    let certificate = [&[0, 0, 7, 0, 0, 4][..], b"fake"].concat();
    let key = [&[3, 0, 0x1d, 32][..], &[9; 32], &[8, 4, 0, 4], b"fake"].concat();
    let messages = [
        message(2, &hello),
        message(11, &certificate),
        message(12, &key),
        message(14, &[]),
    ]
    .concat();
    let length = u16::try_from(messages.len()).unwrap().to_be_bytes();
    [&[22, 3, 3][..], &length, &messages].concat()
}

async fn error_of(builder: KelviqBuilder) -> Error {
    let kelviq = builder.build().unwrap();
    let error = kelviq.create_checkout_session(&request()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    let text = error.to_string();
    for hidden in [KEY, "/api/v1", "https://", "a.example"] {
        assert!(!text.contains(hidden), "{text}");
    }
    error
}

#[tokio::test]
async fn an_invalid_certificate_is_named_and_not_tried_again() {
    let (address, connections) = server(server_hello()).await;
    let error = error_of(builder(&format!("https://{address}"))).await;
    let text = error.to_string();
    assert!(
        text.contains("the server's certificate is invalid ("),
        "{error:?}"
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_without_https_is_named() {
    let (address, _) = server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let error = error_of(builder(&format!("https://{address}")).max_retries(0)).await;
    assert!(
        error.to_string().contains("the TLS handshake failed"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    for (answer, reason) in [
        ("403 Forbidden", "the proxy refused the connection"),
        (
            "407 Proxy Authentication Required",
            "the proxy requires a user name and password",
        ),
    ] {
        let (address, _) = server(format!("HTTP/1.1 {answer}\r\n\r\n").into_bytes()).await;
        let error = error_of(through_proxy(&format!("http://u:secret@{address}"))).await;
        assert!(error.to_string().contains(reason), "{error:?}");
        assert!(
            !format!("{error} {error:?}").contains("secret"),
            "{error:?}"
        );
    }
    let error = error_of(through_proxy("http://127.0.0.1:1")).await;
    let reason = "the proxy cannot be reached (connection refused)";
    assert!(error.to_string().contains(reason), "{error:?}");
}

fn through_proxy(proxy: &str) -> KelviqBuilder {
    let proxy = reqwest::Proxy::https(proxy).unwrap();
    builder("https://kelviq.invalid")
        .http_client(reqwest::Client::builder().proxy(proxy))
        .max_retries(0)
}

#[tokio::test]
async fn an_unknown_host_and_a_refused_connection_are_named() {
    struct NoNames;
    impl Resolve for NoNames {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err(io::Error::other("no such host").into()) })
        }
    }
    let http = reqwest::Client::builder().no_proxy();
    let unknown = builder("https://kelviq.invalid").max_retries(0);
    let error = error_of(unknown.http_client(http.dns_resolver(Arc::new(NoNames)))).await;
    let text = "cannot connect to kelviq.invalid: the host name cannot be resolved";
    assert!(error.to_string().contains(text), "{error:?}");

    let error = error_of(builder("http://127.0.0.1:1").max_retries(0)).await;
    let text = "cannot connect to 127.0.0.1:1: connection refused";
    assert!(error.to_string().contains(text), "{error:?}");
}
