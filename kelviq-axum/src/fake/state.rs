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
    event::Event,
    fault::FaultQueue,
    records::{CannotPay, Paid, Payer, Records},
    subscriptions::{
        cancellation::{Cancellation, End},
        subscription::Subscription,
    },
    sync::lock,
};

pub(super) struct FakeState {
    /// What the URLs of the pages begin with, such as `http://127.0.0.1:4010`.
    pub(super) origin: String,
    pub(super) api_key: String,
    pub(super) webhook_secret: WebhookSecret,
    pub(super) endpoint: Option<Arc<Endpoint>>,
    pub(super) delivery_delay: Option<Duration>,
    pub(super) records: Mutex<Records>,
    pub(super) delivery_log: Mutex<DeliveryLog>,
    /// Whether the payloads in the webhook log have keys in camelCase.
    pub(super) camel_case_logs: bool,
    /// The customer ids of the portal sessions, by token.
    pub(super) portal_tokens: Mutex<HashMap<String, String>>,
    pub(super) faults: Mutex<FaultQueue>,
    pub(super) running: watch::Receiver<()>,
}

/// Why a subscription cannot be canceled.
pub(super) enum CannotCancel {
    NotFound,
    /// It has ended, or it is a one-time purchase.
    NotRunning,
}

impl FakeState {
    /// Pays a session. Adds its events to the delivery log if this call paid it.
    pub(super) fn pay(&self, session_id: &str, payer: &Payer<'_>) -> Result<Paid, CannotPay> {
        let paid = lock(&self.records).pay(session_id, payer)?;
        if paid.just_now {
            for event in &paid.events {
                lock(&self.delivery_log).add_event(event.clone());
            }
        }
        Ok(paid)
    }

    /// Cancels a subscription and returns the event.
    pub(super) fn cancel(
        &self,
        id: &str,
        end: End,
        cancellation: Cancellation,
    ) -> Result<Arc<Event>, CannotCancel> {
        let mut records = lock(&self.records);
        let subscription = records.subscriptions.get(id);
        if !subscription
            .ok_or(CannotCancel::NotFound)?
            .can_be_canceled()
        {
            return Err(CannotCancel::NotRunning);
        }
        let cancel = |subscription: &mut Subscription| subscription.cancel(end, cancellation);
        let event = records.change_subscription(id, cancel);
        let event = event.ok_or(CannotCancel::NotFound)?;
        lock(&self.delivery_log).add_event(event.clone());
        Ok(event)
    }

    /// Changes a subscription and returns the event. Adds it to the delivery log.
    pub(super) fn change_subscription(
        &self,
        id: &str,
        change: impl FnOnce(&mut Subscription),
    ) -> Option<Arc<Event>> {
        let event = lock(&self.records).change_subscription(id, change)?;
        lock(&self.delivery_log).add_event(event.clone());
        Some(event)
    }

    /// Resolves when the `FakeKelviq` is dropped.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut running = self.running.clone();
        // Nothing is ever sent, so `changed` resolves only when the sender is dropped.
        async move { while running.changed().await.is_ok() {} }
    }
}
