//! What the server's handlers and the test's `FakeKelviq` share.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelviq_core::WebhookSecret;
use tokio::sync::watch;

use super::{delivery::Endpoint, fault::Answers, portal::Tokens, sessions::Sessions};

pub(super) struct Shared {
    /// `http://127.0.0.1:…`
    pub(super) origin: String,
    pub(super) api_key: String,
    pub(super) webhook_secret: WebhookSecret,
    pub(super) endpoint: Option<Arc<Endpoint>>,
    pub(super) delivery_delay: Option<Duration>,
    pub(super) sessions: Mutex<Sessions>,
    pub(super) portal_tokens: Mutex<Tokens>,
    pub(super) answers: Mutex<Answers>,
    pub(super) running: watch::Receiver<()>,
}

impl Shared {
    /// Resolves when the `FakeKelviq` is dropped.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut running = self.running.clone();
        // Nothing is ever sent: the only news is that the sender is gone.
        async move { while running.changed().await.is_ok() {} }
    }
}

/// Locks; what a panicking test left behind is whole, since every change is a single step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
