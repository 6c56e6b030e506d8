//! The data of stored events.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use kelviq_core::{EventSource, VerifiedEvent, WebhookHeaders};

use crate::webhook::{completed_checkout::CompletedCheckout, inbox::ClaimToken};

/// An event as a [`Store`](crate::Store) keeps it.
///
/// The body contains personal data, and is therefore not part of the `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The event's id.
    pub id: String,
    /// The event's type, e.g. `checkout.completed`.
    pub event_type: String,
    /// The session id of a `checkout.completed`, for [`Store::has_checkout`](crate::Store::has_checkout). `None` if it is
    /// longer than 255 bytes or contains control characters, so that an index can contain it.
    pub session_id: Option<String>,
    /// Where the event came from: `delivery`, `webhook_log` or `checkout_session`.
    pub source: String,
    /// The webhook headers of the delivery, one `name: value` a line.
    pub headers: String,
    /// The body of the delivery.
    pub body: Vec<u8>,
}

impl StoredEvent {
    /// Returns the event without headers, for implementations of [`Inbox::claim`](crate::Inbox::claim). `None` for the claim
    /// of a checkout.
    pub fn of(event: &VerifiedEvent) -> Option<Self> {
        if event.is_checkout_claim() {
            return None;
        }
        let session_id = CompletedCheckout::of(event).and_then(|checkout| checkout.session_id);
        Some(Self::new(event, session_id.as_deref(), &HeaderMap::new()))
    }

    /// Returns the event with headers. `session_id` is that of a `checkout.completed`.
    pub(crate) fn new(
        event: &VerifiedEvent,
        session_id: Option<&str>,
        headers: &HeaderMap,
    ) -> Self {
        Self {
            id: event.id().to_owned(),
            event_type: event.event_type().to_string(),
            session_id: session_id.filter(|id| is_usable_key(id)).map(str::to_owned),
            source: source_name(event.source()).to_owned(),
            headers: lines(headers),
            body: event.raw_body().to_owned(),
        }
    }

    /// Returns the event. Stored events are not verified again: secrets rotate, and timestamps expire.
    pub(crate) fn event(&self) -> Result<VerifiedEvent, kelviq_core::Error> {
        let source = match &*self.source {
            WEBHOOK_LOG => EventSource::WebhookLog,
            CHECKOUT_SESSION => EventSource::CheckoutSession,
            _ => EventSource::Stored,
        };
        kelviq_core::__internal::stored_event(&self.body, source)
    }

    pub(crate) fn header_map(&self) -> HeaderMap {
        let pairs = self.headers.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((
                name.parse::<HeaderName>().ok()?,
                HeaderValue::from_str(value).ok()?,
            ))
        });
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }
}

impl std::fmt::Debug for StoredEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredEvent")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("session_id", &self.session_id)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// Returns `true` if a text can be in an index. PostgreSQL rejects long texts and NUL.
fn is_usable_key(text: &str) -> bool {
    text.len() <= 255 && !text.contains(char::is_control)
}

const DELIVERY: &str = "delivery";
const WEBHOOK_LOG: &str = "webhook_log";
const CHECKOUT_SESSION: &str = "checkout_session";

fn source_name(source: EventSource) -> &'static str {
    match source {
        EventSource::WebhookLog => WEBHOOK_LOG,
        EventSource::CheckoutSession => CHECKOUT_SESSION,
        _ => DELIVERY,
    }
}

/// Returns the webhook headers as lines. Values that are not ASCII are omitted.
fn lines(headers: &HeaderMap) -> String {
    let mut lines = String::new();
    for name in WebhookHeaders::NAMES {
        for value in headers.get_all(name) {
            if let Ok(value) = value.to_str() {
                lines.extend([name, ": ", value, "\n"]);
            }
        }
    }
    lines
}

/// An event that is due, with its claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEvent {
    /// The event.
    pub event: StoredEvent,
    /// The claim under which the caller handles the event.
    pub claim: ClaimToken,
    /// Number of claims of the event, including this one.
    pub attempts: u32,
}

/// An event whose handler failed, as [`Store::failed`](crate::Store::failed) lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedEvent {
    /// The event's id, for [`Store::replay`](crate::Store::replay).
    pub id: String,
    /// The event's type.
    pub event_type: String,
    /// The session id of a `checkout.completed`.
    pub session_id: Option<String>,
    /// Number of attempts.
    pub attempts: u32,
    /// Why the last attempt failed: the status of the handler's response, or a sentence, such as that the handler panicked or
    /// that its transaction was not committed. The application logs the cause itself.
    pub reason: String,
    /// When the event was stored.
    pub received_at: SystemTime,
    /// When the last attempt failed.
    pub failed_at: SystemTime,
    /// When the event is due again. `None` if the event is dead: it is handled again only after
    /// [`replay`](crate::Store::replay), or if Kelviq delivers it again.
    pub due_at: Option<SystemTime>,
}

/// The number of events that are not handled yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStatus {
    /// Events that wait, or are being handled.
    pub waiting: u64,
    /// Time since the oldest of them was stored.
    pub oldest_waiting: Option<Duration>,
    /// Events that failed too often.
    pub dead: u64,
}
