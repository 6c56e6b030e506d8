//! Counters, histograms and gauges through the `metrics` facade. Without the feature `metrics`, these functions do nothing.
//!
//! Labels are from closed sets and contain no personal data.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use kelviq_core::{CheckoutProblem, EventType, VerifiedEvent};

use crate::store::stored_event::StoreStatus;

/// A checkout session was created.
pub(crate) fn session_created() {
    count("kelviq_checkout_sessions_created_total", None);
}

/// A request for entitlements ended: `ok`, `stale` if earlier entitlements are used instead, or `error`.
pub(crate) fn entitlements_fetched(result: &'static str) {
    count(
        "kelviq_entitlements_requests_total",
        Some(("result", result)),
    );
}

/// A request for a checkout, the portal, the return page or a feature was rejected.
pub fn request_rejected(problem: CheckoutProblem) {
    count(
        "kelviq_requests_rejected_total",
        Some(("problem", problem.code())),
    );
}

/// A delivery was verified.
pub(crate) fn webhook_verified(event: &VerifiedEvent) {
    count("kelviq_webhooks_verified_total", Some(event_type(event)));
}

/// A delivery was rejected.
pub(crate) fn webhook_rejected(reason: &'static str) {
    count("kelviq_webhooks_rejected_total", Some(("reason", reason)));
}

/// An event was not handled again.
pub(crate) fn webhook_duplicate(event: &VerifiedEvent) {
    count("kelviq_webhooks_duplicate_total", Some(event_type(event)));
}

/// An event was handled. Its age is the time since Kelviq created it.
pub(crate) fn webhook_handled(event: &VerifiedEvent) {
    count("kelviq_webhooks_handled_total", Some(event_type(event)));
    if cfg!(not(feature = "metrics")) {
        return;
    }
    let created_at = event.created_at().map(|time| time.parse::<Timestamp>());
    if let (Some(Ok(created_at)), Ok(now)) = (created_at, Timestamp::try_from(SystemTime::now())) {
        let age = Duration::try_from(now.duration_since(created_at)).unwrap_or_default();
        observe("kelviq_webhook_age_seconds", age);
    }
}

/// The handler of an event failed.
pub(crate) fn webhook_failed(event: &VerifiedEvent) {
    count("kelviq_webhooks_failed_total", Some(event_type(event)));
}

/// An event failed too often.
pub(crate) fn webhook_dead() {
    count("kelviq_webhooks_dead_total", None);
}

/// A handler ended.
pub(crate) fn handler_ended(duration: Duration) {
    observe("kelviq_webhook_handler_seconds", duration);
}

/// The events in the store that are not handled yet.
pub(crate) fn store_status(status: StoreStatus) {
    let oldest = status.oldest_waiting.unwrap_or_default();
    set("kelviq_webhooks_waiting", as_f64(status.waiting));
    set(
        "kelviq_webhooks_oldest_waiting_seconds",
        oldest.as_secs_f64(),
    );
    set("kelviq_webhooks_dead", as_f64(status.dead));
}

type Label<'a> = Option<(&'static str, &'a str)>;

/// Returns the label of an event's type. Types that Kelviq adds share one value, so that the number of values is bounded.
fn event_type(event: &VerifiedEvent) -> (&'static str, &str) {
    let event_type = match event.event_type() {
        EventType::Other(_) => "other",
        known => known.as_str(),
    };
    ("type", event_type)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "gauges are floating-point numbers"
)]
fn as_f64(number: u64) -> f64 {
    number as f64
}

fn count(name: &'static str, label: Label<'_>) {
    #[cfg(feature = "metrics")]
    match label {
        Some((label, value)) => metrics::counter!(name, label => value.to_owned()).increment(1),
        None => metrics::counter!(name).increment(1),
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (name, label);
}

fn observe(name: &'static str, duration: Duration) {
    #[cfg(feature = "metrics")]
    metrics::histogram!(name).record(duration);
    #[cfg(not(feature = "metrics"))]
    let _ = (name, duration);
}

fn set(name: &'static str, value: f64) {
    #[cfg(feature = "metrics")]
    metrics::gauge!(name).set(value);
    #[cfg(not(feature = "metrics"))]
    let _ = (name, value);
}
