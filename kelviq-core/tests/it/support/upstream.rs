//! A server on loopback that sends fixed responses and records the requests.

use std::sync::{Arc, Mutex};

use kelviq_core::{Kelviq, KelviqBuilder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub(crate) const KEY: &str = "server-0123456789abcdef";

/// The body of the response to a successful `POST /checkout/`.
pub(crate) const CREATED: &str =
    r#"{"checkoutUrl":"https://kelviq.com/checkout/cs_1/","checkoutSessionId":"cs_1"}"#;

pub(crate) struct Upstream {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Upstream {
    /// Starts a server that sends the first response on the first connection and so on, then repeats the last one.
    ///
    /// For an empty response, the connection stays open and nothing is sent.
    pub(crate) async fn responding<const N: usize>(responses: [String; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, responses)
    }

    pub(crate) fn on<const N: usize>(listener: TcpListener, responses: [String; N]) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut silent = Vec::new();
            for index in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                log.lock().unwrap().push(request);
                let response = &responses[index.min(N - 1)];
                stream.write_all(response.as_bytes()).await.unwrap();
                if response.is_empty() {
                    silent.push(stream);
                }
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// A builder of a client that sends its requests to this server.
    pub(crate) fn builder(&self) -> KelviqBuilder {
        builder(&self.url)
    }

    /// A client that sends its requests to this server.
    pub(crate) fn client(&self) -> Kelviq {
        self.builder().build().unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn builder(url: &str) -> KelviqBuilder {
    Kelviq::builder(KEY).base_url(url)
}

/// An HTTP response after which the connection is closed.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

pub(crate) fn ok(body: &str) -> String {
    response("200 OK", "", body)
}

pub(crate) fn created() -> String {
    response("201 Created", "", CREATED)
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await.unwrap() {
            0 => return text,
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}
