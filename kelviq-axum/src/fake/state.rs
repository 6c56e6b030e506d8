//! The state that the server's handlers and `FakeKelviq` share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelviq_core::WebhookSecret;
use tokio::sync::watch;

use super::{endpoint::Endpoint, fault::FaultQueue, sessions::Sessions};

pub(super) struct FakeState {
    /// What the URLs of the pages begin with, such as `http://127.0.0.1:4010`.
    pub(super) origin: String,
    pub(super) api_key: String,
    pub(super) webhook_secret: WebhookSecret,
    pub(super) endpoint: Option<Arc<Endpoint>>,
    pub(super) delivery_delay: Option<Duration>,
    pub(super) sessions: Mutex<Sessions>,
    /// The customer ids of the portal sessions, by token.
    pub(super) portal_tokens: Mutex<HashMap<String, String>>,
    pub(super) faults: Mutex<FaultQueue>,
    pub(super) running: watch::Receiver<()>,
}

impl FakeState {
    /// Resolves when the `FakeKelviq` is dropped.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut running = self.running.clone();
        // Nothing is ever sent, so `changed` resolves only when the sender is dropped.
        async move { while running.changed().await.is_ok() {} }
    }
}

/// Locks a mutex. A poisoned one is still consistent, because every change is a single step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
