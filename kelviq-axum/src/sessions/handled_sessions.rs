//! Notifications of success pages about the sessions whose events were handled.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use kelviq_core::__internal::checkout_key;
use tokio::sync::broadcast;

/// The keys of the checkouts whose events were handled, for the success pages that wait at the moment. Clones share both.
#[derive(Clone, Debug)]
pub(crate) struct HandledSessions {
    sender: broadcast::Sender<HandledKey>,
    is_notified: Arc<AtomicBool>,
}

/// The key of a checkout. `None` if it can be any checkout, because notifications begin or end.
pub(super) type HandledKey = Option<Arc<str>>;

/// Number of notifications that a success page can lag behind. One that lags further looks up its order in any case.
const CAPACITY: usize = 256;

impl HandledSessions {
    /// Notifies the success pages that wait for a checkout.
    pub(crate) fn notify(&self, key: &str) {
        self.send(Some(key.into()));
    }

    /// Returns `true` if every success page is notified when its event is handled, so that it need not poll.
    pub(super) fn is_notified(&self) -> bool {
        self.is_notified.load(Ordering::Relaxed)
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<HandledKey> {
        self.sender.subscribe()
    }

    /// Returns the number of success pages that wait.
    pub(super) fn waiting(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Returns the receiver of a store's notifications.
    pub(crate) fn notifications(&self) -> Notifications {
        Notifications(self.clone())
    }

    fn set_notified(&self, is_notified: bool) {
        self.is_notified.store(is_notified, Ordering::Relaxed);
        // Success pages that wait look up their order, because a notification may be lost, and poll if they must.
        self.send(None);
    }

    fn send(&self, key: HandledKey) {
        // An error means that no success page waits.
        let _ = self.sender.send(key);
    }
}

impl Default for HandledSessions {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(CAPACITY),
            is_notified: Arc::default(),
        }
    }
}

/// Passes the notifications of a store to the success pages. They poll again when it is dropped.
pub(crate) struct Notifications(HandledSessions);

impl Notifications {
    /// Receives what [`Store::listen`](crate::Store::listen) reports.
    pub(crate) fn receive(&self, session_id: Option<&str>) {
        match session_id {
            Some(session_id) => self.0.notify(&checkout_key(session_id)),
            None => self.0.set_notified(true),
        }
    }

    /// Returns `true` if notifications have begun.
    pub(crate) fn have_begun(&self) -> bool {
        self.0.is_notified()
    }
}

impl Drop for Notifications {
    fn drop(&mut self) {
        if self.have_begun() {
            self.0.set_notified(false);
        }
    }
}
