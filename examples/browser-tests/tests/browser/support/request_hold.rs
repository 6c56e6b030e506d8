//! Holding back requests until a test releases them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::{sync::watch, time::timeout};

const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The requests of a server: which paths are held, and the number of requests to each path. Clones share the state.
#[derive(Clone, Default)]
pub(crate) struct Requests {
    held: Arc<Mutex<HashMap<String, HeldPath>>>,
    counts: Arc<Mutex<HashMap<String, usize>>>,
}

#[derive(Clone)]
struct HeldPath {
    arrived: watch::Sender<usize>,
    released: watch::Receiver<()>,
}

/// Holds back the requests to one path until it is dropped.
#[must_use]
pub(crate) struct RequestHold {
    path: String,
    requests: Requests,
    arrived: watch::Receiver<usize>,
    /// Dropping it releases the requests.
    _holding: watch::Sender<()>,
}

impl Requests {
    pub(crate) fn hold(&self, path: &str) -> RequestHold {
        let (arrived, arrivals) = watch::channel(0);
        let (holding, released) = watch::channel(());
        let held_path = HeldPath { arrived, released };
        let previous = lock(&self.held).insert(path.to_owned(), held_path);
        assert!(previous.is_none(), "{path} is already held");
        RequestHold {
            path: path.to_owned(),
            requests: self.clone(),
            arrived: arrivals,
            _holding: holding,
        }
    }

    /// The middleware, for `axum::middleware::from_fn`.
    pub(super) async fn handle(self, request: Request, next: Next) -> Response {
        let path = request.uri().path();
        *lock(&self.counts).entry(path.to_owned()).or_default() += 1;
        let held_path = lock(&self.held).get(path).cloned();
        if let Some(mut held_path) = held_path {
            held_path.arrived.send_modify(|arrived| *arrived += 1);
            // No value is ever sent: the loop ends when the sender is dropped.
            while held_path.released.changed().await.is_ok() {}
        }
        next.run(request).await
    }

    /// Returns the number of requests to this path, held or not.
    pub(super) fn count(&self, path: &str) -> usize {
        lock(&self.counts).get(path).copied().unwrap_or_default()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RequestHold {
    /// Waits until at least this many requests have arrived.
    pub(crate) async fn wait_for_requests(&mut self, count: usize) {
        let arrived = self.arrived.wait_for(|arrived| *arrived >= count);
        let arrived = timeout(REQUEST_TIMEOUT, arrived).await;
        assert!(arrived.is_ok(), "no request to {} arrived", self.path);
    }

    /// Returns the number of requests that have arrived.
    pub(crate) fn count(&self) -> usize {
        *self.arrived.borrow()
    }

    /// Releases the held requests. Later requests are not held. Dropping the value does the same.
    pub(crate) fn release(self) {
        drop(self);
    }
}

impl Drop for RequestHold {
    fn drop(&mut self) {
        lock(&self.requests.held).remove(&self.path);
    }
}
