//! Requests that wait until the test lets them through.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::{sync::watch, time::timeout};

const PATIENCE: Duration = Duration::from_secs(30);

/// The paths that are held, and how often each path was asked for. Cloning shares them.
#[derive(Clone, Default)]
pub(crate) struct Gates {
    held: Arc<Mutex<HashMap<String, Gate>>>,
    requests: Arc<Mutex<HashMap<String, usize>>>,
}

#[derive(Clone)]
struct Gate {
    arrived: watch::Sender<usize>,
    opened: watch::Receiver<()>,
}

/// As long as this lives, requests to one path wait.
#[must_use]
pub(crate) struct Held {
    path: String,
    gates: Gates,
    arrived: watch::Receiver<usize>,
    _closed: watch::Sender<()>,
}

impl Gates {
    pub(crate) fn hold(&self, path: &str) -> Held {
        let (arrived, arrivals) = watch::channel(0);
        let (closed, opened) = watch::channel(());
        let gate = Gate { arrived, opened };
        let before = lock(&self.held).insert(path.to_owned(), gate);
        assert!(before.is_none(), "{path} is held already");
        Held {
            path: path.to_owned(),
            gates: self.clone(),
            arrived: arrivals,
            _closed: closed,
        }
    }

    /// For `axum::middleware::from_fn`.
    pub(super) async fn pass(self, request: Request, next: Next) -> Response {
        let path = request.uri().path();
        *lock(&self.requests).entry(path.to_owned()).or_default() += 1;
        let gate = lock(&self.held).get(path).cloned();
        if let Some(mut gate) = gate {
            gate.arrived.send_modify(|arrived| *arrived += 1);
            // Nothing is ever sent: it opens when the sender is gone.
            while gate.opened.changed().await.is_ok() {}
        }
        next.run(request).await
    }

    /// How many requests to this path have come, held or not.
    pub(super) fn requests_to(&self, path: &str) -> usize {
        lock(&self.requests).get(path).copied().unwrap_or_default()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    /// Waits until as many requests as this have come.
    pub(crate) async fn has(&mut self, requests: usize) {
        let arrived = self.arrived.wait_for(|arrived| *arrived >= requests);
        let arrived = timeout(PATIENCE, arrived).await;
        assert!(arrived.is_ok(), "{} was not asked for", self.path);
    }

    /// How many requests have come.
    pub(crate) fn count(&self) -> usize {
        *self.arrived.borrow()
    }

    /// Lets them through, and those that come later. Dropping does it, too.
    pub(crate) fn release(self) {
        drop(self);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.gates.held).remove(&self.path);
    }
}
