//! What the server passes to the application.

use std::{
    io::{Read, Write},
    net::SocketAddr,
};

use axum::{Router, extract::ConnectInfo, routing::get};
use storefront::serve;
use tokio::net::TcpListener;

/// Without the client's address, Kelviq cannot set prices by location.
#[tokio::test]
async fn handlers_get_the_address_of_the_client() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap();
    let app = Router::new().route(
        "/",
        get(|ConnectInfo(client): ConnectInfo<SocketAddr>| async move { client.to_string() }),
    );
    let server = tokio::spawn(serve(listener, app, async |_| ()));
    let (client, response) = tokio::task::spawn_blocking(move || {
        let mut connection = std::net::TcpStream::connect(host).unwrap();
        write!(
            connection,
            "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        (connection.local_addr().unwrap(), response)
    })
    .await
    .unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(response.ends_with(&client.to_string()), "{response}");
    server.abort();
}
