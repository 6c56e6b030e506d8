//! The inbox of one process.

use std::{
    convert::Infallible,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelviq_core::VerifiedEvent;
use lru::LruCache;
use tokio::time::Instant;

use super::{Claim, ClaimToken, Inbox};

/// Remembers in memory which events have been handled: for one process, and until it ends.
///
/// The last 100,000 events are remembered. A restart forgets them, and so handles an event again that is delivered once
/// more: let the handler itself be safe to repeat. Clones share one memory.
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{Event, MemoryInbox, kelviq_core::WebhookSecret, webhook};
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
    states: LruCache<String, State>,
    tokens: i64,
}

enum State {
    Claimed { token: i64, until: Instant },
    Handled,
}

const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

impl MemoryInbox {
    fn events(&self) -> MutexGuard<'_, Events> {
        // Nothing panics while the lock is held, and a state is whole at every moment.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryInbox {
    fn default() -> Self {
        Self {
            events: Arc::new(Mutex::new(Events {
                states: LruCache::new(CAPACITY),
                tokens: 0,
            })),
        }
    }
}

impl Events {
    /// Puts a state in the place of the claim, if the claim still holds.
    fn end(&mut self, claim: &ClaimToken, state: Option<State>) -> bool {
        let held = self.states.peek(&claim.event_id);
        if !matches!(held, Some(State::Claimed { token, .. }) if *token == claim.token) {
            return false;
        }
        match state {
            Some(state) => drop(self.states.put(claim.event_id.clone(), state)),
            None => drop(self.states.pop(&claim.event_id)),
        }
        true
    }
}

impl Inbox for MemoryInbox {
    type Error = Infallible;

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Infallible> {
        let now = Instant::now();
        let mut events = self.events();
        match events.states.get(event.id()) {
            Some(State::Handled) => return Ok(Claim::Handled),
            Some(State::Claimed { until, .. }) if *until > now => {
                let retry_after = until.duration_since(now).max(Duration::from_secs(1));
                return Ok(Claim::InProgress { retry_after });
            }
            Some(State::Claimed { .. }) | None => {}
        }
        events.tokens += 1;
        let token = events.tokens;
        let until = now + Self::LEASE;
        events
            .states
            .put(event.id().to_owned(), State::Claimed { token, until });
        Ok(Claim::Acquired(ClaimToken::new(event.id(), token)))
    }

    async fn renew(&self, claim: &ClaimToken) -> Result<bool, Infallible> {
        let until = Instant::now() + Self::LEASE;
        let token = claim.token;
        let state = State::Claimed { token, until };
        Ok(self.events().end(claim, Some(state)))
    }

    async fn complete(&self, claim: &ClaimToken) -> Result<bool, Infallible> {
        Ok(self.events().end(claim, Some(State::Handled)))
    }

    async fn release(&self, claim: &ClaimToken) -> Result<(), Infallible> {
        self.events().end(claim, None);
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
