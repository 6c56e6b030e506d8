//! A Kelviq that fails in a chosen way, below the level of HTTP where necessary.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::tls::Certificate;

/// How the upstream answers one request.
#[derive(Clone)]
pub(super) enum Answer {
    /// Sends a response and keeps the connection open for further requests.
    Send(String),
    /// Sends this text and closes the connection.
    Close(String),
    /// Sends this text, and then nothing more.
    Stall(String),
    /// Sends this text, and then a space every 0.1 s until the client closes the connection.
    Drip(String),
    /// Sends this text, and then chunks of a body until the client closes the connection.
    Endless(String),
    /// Resets the connection after the request was read.
    Reset,
    /// Resets the connection when the request arrives, without reading it.
    ResetUnread,
    /// Sends these bytes after the first bytes of the client, which are not HTTP.
    Tls(Vec<u8>),
    /// Sends this response over TLS if the client accepts the certificate.
    Secure(Certificate, String),
}

/// Numbers of connections and of complete requests.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) connections: AtomicUsize,
    pub(super) requests: AtomicUsize,
}

/// Starts an upstream that answers the first request with the first answer and so on, and then repeats the last one. Returns
/// its address.
pub(super) async fn start(answers: Vec<Answer>, counts: Arc<Counts>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            counts.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, answers.clone(), Arc::clone(&counts)));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, answers: Vec<Answer>, counts: Arc<Counts>) {
    loop {
        // Waits until the client has sent something.
        if !matches!(stream.peek(&mut [0]).await, Ok(1)) {
            return;
        }
        let index = counts.requests.load(Ordering::SeqCst);
        match &answers[index.min(answers.len() - 1)] {
            Answer::ResetUnread => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Answer::Tls(bytes) => {
                let _ = stream.read(&mut [0; 8192]).await;
                let _ = stream.write_all(bytes).await;
                // The client closes the connection first, so that it reads all bytes.
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return;
            }
            Answer::Secure(certificate, text) => {
                let Ok(mut stream) = certificate.acceptor().accept(stream).await else {
                    return;
                };
                if read_request(&mut stream).await {
                    counts.requests.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(text.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
                return;
            }
            answer => {
                if !read_request(&mut stream).await {
                    return;
                }
                counts.requests.fetch_add(1, Ordering::SeqCst);
                if !respond(&mut stream, answer).await {
                    return;
                }
            }
        }
    }
}

/// Returns whether the connection stays open for another request.
async fn respond(stream: &mut TcpStream, answer: &Answer) -> bool {
    match answer {
        Answer::Send(text) => stream.write_all(text.as_bytes()).await.is_ok(),
        Answer::Close(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            false
        }
        Answer::Stall(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
            false
        }
        Answer::Drip(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            while stream.write_all(b" ").await.is_ok() {
                sleep(Duration::from_millis(100)).await;
            }
            false
        }
        Answer::Endless(text) => {
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
            let _ = stream.write_all(text.as_bytes()).await;
            while stream.write_all(chunk.as_bytes()).await.is_ok() {}
            false
        }
        Answer::Reset | Answer::ResetUnread | Answer::Tls(_) | Answer::Secure(..) => {
            stream.set_zero_linger().unwrap();
            false
        }
    }
}

/// Returns whether a complete request was read.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    let (mut request, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
            _ => return false,
        }
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.split_once("content-length: ").map(|(_, rest)| rest);
            let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return true;
            }
        }
    }
}
