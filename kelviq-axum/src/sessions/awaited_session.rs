//! The session whose event a success page waits for.

use std::error::Error;

use kelviq_core::__internal::checkout_key;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::handled_sessions::{HandledKey, HandledSessions};
use crate::{reference::Reference, shop::Shop};

/// The session of a reference.
#[derive(Debug)]
pub enum FoundSession {
    /// The shop has created the session.
    Known(AwaitedSession),
    /// The store has no session with this reference.
    NotStored,
    /// The session is not in memory, and there is no store, or it failed or took longer than 1 s. Another process may have
    /// created it.
    Uncertain,
}

/// Finds the session of a reference. Events that are handled after that complete [`AwaitedSession::changed`].
pub async fn find_session(shop: &Shop, reference: &Reference) -> FoundSession {
    match shop.sessions().session_id(reference).await {
        Ok(Some(session_id)) => FoundSession::Known(AwaitedSession {
            key: checkout_key(&session_id),
            handled: shop.handled_sessions().subscribe(),
            sessions: shop.handled_sessions().clone(),
        }),
        Ok(None) if shop.sessions().has_store() => FoundSession::NotStored,
        Ok(None) => FoundSession::Uncertain,
        Err(error) => {
            let error = &*error as &dyn Error;
            tracing::warn!(%reference, error, "the session of a success page could not be read from the store");
            FoundSession::Uncertain
        }
    }
}

/// A session whose event may be handled soon.
#[derive(Debug)]
pub struct AwaitedSession {
    key: String,
    handled: Receiver<HandledKey>,
    sessions: HandledSessions,
}

impl AwaitedSession {
    /// Waits until the event of the session may have been handled. Returns `false` if notifications have only begun or ended,
    /// so that one may have been lost.
    pub async fn changed(&mut self) -> bool {
        loop {
            match self.handled.recv().await {
                Ok(Some(key)) if *key != *self.key => {}
                Ok(key) => return key.is_some(),
                Err(RecvError::Lagged(_)) => return false,
                // `sessions` has a sender.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Returns `true` if [`changed`](Self::changed) completes whenever the event is handled, so that polling is not
    /// necessary.
    pub fn is_notified(&self) -> bool {
        self.sessions.is_notified()
    }
}

/// Returns the number of success pages that wait.
pub fn awaited_sessions(shop: &Shop) -> usize {
    shop.handled_sessions().waiting()
}
