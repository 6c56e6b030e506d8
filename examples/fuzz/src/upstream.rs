//! A server in place of Kelviq, in the same thread as its client, with a response that a target chooses.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use kelviq_core::Kelviq;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};
use tower::ServiceExt;

/// The API key of [`Upstream::client`], which no error may contain.
pub(crate) const API_KEY: &str = "server-5ecre7";

/// A server, and the runtime of the server and its clients. A target keeps one in a [`Shared`].
pub(crate) struct Upstream {
    runtime: Runtime,
    client: Kelviq,
    exchange: Arc<Mutex<Exchange>>,
}

/// The response to every request, and the JSON of the requests so far.
#[derive(Default)]
struct Exchange {
    response: Vec<u8>,
    requests: Vec<Value>,
}

impl Upstream {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let client = Kelviq::builder(API_KEY).base_url(&base_url);
        let client = client.edge_base_url(&base_url).max_retries(0);
        let exchange = Arc::<Mutex<Exchange>>::default();
        let shared = Arc::clone(&exchange);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        let _context = runtime.enter();
        Self {
            client: client.build().unwrap(),
            exchange,
            runtime,
        }
    }

    pub(crate) fn client(&self) -> Kelviq {
        self.client.clone()
    }

    /// Sets the response to every request, and forgets the requests so far.
    pub(crate) fn respond_with(&self, status: u16, content_type: &str, body: &[u8]) {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
        );
        *lock(&self.exchange) = Exchange {
            response: [head.as_bytes(), body].concat(),
            requests: Vec::new(),
        };
    }

    /// Sets the response that Kelviq gives when it creates a session.
    pub(crate) fn create_sessions(&self) {
        let session =
            br#"{"checkoutUrl":"https://kelviq.com/checkout/cs_1/","checkoutSessionId":"cs_1"}"#;
        self.respond_with(201, "application/json", session);
    }

    /// Returns the JSON of the requests since the response was set.
    pub(crate) fn requests(&self) -> Vec<Value> {
        lock(&self.exchange).requests.clone()
    }

    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Sends a request to an application.
    pub(crate) fn send(&self, app: &Router, request: Request<Body>) -> Response<Body> {
        let response = self.run(app.clone().oneshot(request));
        response.unwrap_or_else(|never| match never {})
    }
}

/// An upstream and what a target builds on it, created once. The inputs of a target run one after the other.
pub(crate) type Shared<T> = LazyLock<Mutex<(Upstream, T)>>;

/// Starts the upstream of a [`Shared`].
pub(crate) fn start<T>(build: impl FnOnce(Kelviq) -> T) -> Mutex<(Upstream, T)> {
    let upstream = Upstream::start();
    let app = build(upstream.client());
    Mutex::new((upstream, app))
}

/// Locks a mutex, also after an input that panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Responds to the requests of a connection.
async fn serve(mut stream: TcpStream, exchange: Arc<Mutex<Exchange>>) -> Option<()> {
    let _ = stream.set_nodelay(true);
    let mut received = Vec::new();
    loop {
        while let Some(body) = body_of(&received) {
            let json = serde_json::from_slice(body).unwrap_or_default();
            received.clear();
            let response = {
                let mut exchange = lock(&exchange);
                exchange.requests.push(json);
                exchange.response.clone()
            };
            stream.write_all(&response).await.ok()?;
        }
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
}

/// Returns the body if the request is complete.
fn body_of(request: &[u8]) -> Option<&[u8]> {
    let end = request.windows(4).position(|part| part == b"\r\n\r\n")?;
    let head = str::from_utf8(&request[..end]).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().unwrap())
    });
    request[end + 4..].get(..length.unwrap_or(0))
}
