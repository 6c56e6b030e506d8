//! The state that the server's handlers and `FakeKelviq` share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use kelviq_core::WebhookSecret;
use tokio::sync::watch;

use super::{
    delivery_log::DeliveryLog,
    endpoint::Endpoint,
    fault::FaultQueue,
    sessions::{Paid, Sessions},
    sync::lock,
};

pub(super) struct FakeState {
    /// What the URLs of the pages begin with, such as `http://127.0.0.1:4010`.
    pub(super) origin: String,
    pub(super) api_key: String,
    pub(super) webhook_secret: WebhookSecret,
    pub(super) endpoint: Option<Arc<Endpoint>>,
    pub(super) delivery_delay: Option<Duration>,
    pub(super) sessions: Mutex<Sessions>,
    pub(super) delivery_log: Mutex<DeliveryLog>,
    /// Whether the payloads in the webhook log have keys in camelCase.
    pub(super) camel_case_logs: bool,
    /// The customer ids of the portal sessions, by token.
    pub(super) portal_tokens: Mutex<HashMap<String, String>>,
    pub(super) faults: Mutex<FaultQueue>,
    pub(super) running: watch::Receiver<()>,
}

impl FakeState {
    /// Pays a session. Adds its event to the delivery log if this call paid it. `None` if there is no such session.
    pub(super) fn pay(&self, session_id: &str) -> Option<Paid> {
        let paid = lock(&self.sessions).pay(session_id)?;
        if paid.just_now {
            lock(&self.delivery_log).add_event(paid.event.clone());
        }
        Some(paid)
    }

    /// Resolves when the `FakeKelviq` is dropped.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut running = self.running.clone();
        // Nothing is ever sent, so `changed` resolves only when the sender is dropped.
        async move { while running.changed().await.is_ok() {} }
    }
}
