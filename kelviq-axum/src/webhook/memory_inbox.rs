//! An in-memory inbox.

use std::{
    convert::Infallible,
    fmt,
    hash::{BuildHasher, RandomState},
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelviq_core::VerifiedEvent;
use lru::LruCache;
use tokio::time::Instant;

use super::inbox::{Claim, ClaimToken, Inbox};

/// An [`Inbox`] in memory, for an application that runs as a single process.
///
/// It keeps the last 100,000 entries. An event has one entry, a completed checkout two. They are lost when the process ends,
/// so an event that is delivered again after a restart is handled again. Handlers should therefore be idempotent. Clones share
/// the same events.
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{Event, MemoryInbox, webhook};
/// use kelviq_core::WebhookSecret;
/// # async fn on_event(_: Event) {}
///
/// fn app(secret: WebhookSecret) -> Router {
///     let inbox = MemoryInbox::default();
///     Router::new().route("/webhooks/kelviq", webhook(secret, inbox, on_event))
/// }
/// ```
#[derive(Clone)]
pub struct MemoryInbox {
    events: Arc<Mutex<Events>>,
}

struct Events {
    states: LruCache<Key, State>,
    /// Has random keys, so that ids whose hashes collide cannot be chosen.
    hasher: RandomState,
    tokens: i64,
}

/// A hash of an event's id. It takes less memory than the id, and its 128 bits do not collide in practice.
type Key = [u64; 2];

enum State {
    Claimed { token: i64, until: Instant },
    Handled { token: i64 },
}

const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

impl MemoryInbox {
    fn events(&self) -> MutexGuard<'_, Events> {
        // A poisoned lock is still consistent, because every change of a state is a single step.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryInbox {
    fn default() -> Self {
        Self {
            events: Arc::new(Mutex::new(Events {
                states: LruCache::new(CAPACITY),
                hasher: RandomState::new(),
                tokens: 0,
            })),
        }
    }
}

impl Events {
    fn key(&self, event_id: &str) -> Key {
        [0_u8, 1].map(|half| self.hasher.hash_one((half, event_id)))
    }

    /// Replaces a claim by another state, or removes it. An event that was completed under the claim stays as it is.
    /// Returns `false` if the claim is lost.
    fn replace(&mut self, claim: &ClaimToken, state: Option<State>) -> bool {
        let key = self.key(&claim.event_id);
        let Some(current) = self.states.get_mut(&key) else {
            return false;
        };
        match *current {
            State::Handled { token } => return token == claim.token,
            State::Claimed { token, .. } if token != claim.token => return false,
            State::Claimed { .. } => {}
        }
        match state {
            Some(state) => *current = state,
            None => drop(self.states.pop(&key)),
        }
        true
    }
}

impl Inbox for MemoryInbox {
    type Error = Infallible;

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Infallible> {
        let now = Instant::now();
        let mut events = self.events();
        let key = events.key(event.id());
        match events.states.get(&key) {
            Some(State::Handled { .. }) => return Ok(Claim::Handled),
            Some(State::Claimed { until, .. }) if *until > now => {
                let retry_after = until.duration_since(now).max(Duration::from_secs(1));
                return Ok(Claim::InProgress { retry_after });
            }
            Some(State::Claimed { .. }) | None => {}
        }
        events.tokens += 1;
        let token = events.tokens;
        let until = now + Self::LEASE;
        events.states.put(key, State::Claimed { token, until });
        Ok(Claim::Acquired(ClaimToken::new(event.id(), token)))
    }

    async fn renew(&self, claim: &ClaimToken) -> Result<bool, Infallible> {
        let until = Instant::now() + Self::LEASE;
        let token = claim.token;
        let state = State::Claimed { token, until };
        Ok(self.events().replace(claim, Some(state)))
    }

    async fn complete(&self, claim: &ClaimToken) -> Result<bool, Infallible> {
        let token = claim.token;
        Ok(self.events().replace(claim, Some(State::Handled { token })))
    }

    async fn release(&self, claim: &ClaimToken) -> Result<(), Infallible> {
        self.events().replace(claim, None);
        Ok(())
    }
}

impl fmt::Debug for MemoryInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInbox")
            .field("events", &self.events().states.len())
            .finish()
    }
}
