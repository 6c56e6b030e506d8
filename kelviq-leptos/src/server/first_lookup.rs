//! Looks up the order while the success page is rendered.
//!
//! Without JavaScript, the browser reloads the page, and the server delays the response to each reload until the order
//! is found. Meanwhile the browser shows the previous page. It therefore loads the page only a few times, and a screen
//! reader or a keyboard user rarely loses the position. All reloads have the same URL, so the Back button leaves the
//! page.
//!
//! With JavaScript, the page does not reload, and the script polls.
//!
//! Only responses for references of known sessions are delayed, and only their orders are looked up again.

use std::{fmt::Display, time::Duration};

use axum::http::{HeaderValue, header::CACHE_CONTROL, request::Parts};
use kelviq_axum::{
    __internal::{AwaitedSession, FoundSession, find_session},
    Reference,
};
use leptos::{
    prelude::{Owner, use_context},
    reactive::{computed::ScopedFuture, spawn},
    serde_json,
};
use leptos_axum::ResponseOptions;
use serde::Serialize;
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, sleep_until, timeout},
};

use super::{awaited::Awaited, context::LayerContext, waiting_buyers::VISIT_TTL};
use crate::lookup::{FirstLookup, LOOKUP_TIMEOUT, Lookup};

/// Maximum delay of the first response. The webhook often arrives a moment after the buyer; a longer delay would look
/// like a page that hangs.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// Maximum delay of the response to a reload. Shorter than common server timeouts.
const RELOAD_DELAY: Duration = Duration::from_secs(8);

/// Time until the browser reloads the page, so that the buyer can see it and a screen reader can begin.
const RELOAD_AFTER: Duration = Duration::from_secs(3);

/// The same after the timeout. Longer, so that the buyer can read the page.
const SLOW_RELOAD_AFTER: Duration = Duration::from_secs(60);

/// Additional time for a lookup that is pending at the end of the delay.
const LOOKUP_GRACE: Duration = Duration::from_secs(3);

/// Interval between two lookups while the page is not notified.
const LOOKUP_INTERVAL: Duration = Duration::from_millis(500);

/// Looks up the order, and renders the result.
pub(crate) fn render_first_lookup<T, E, F, V>(
    order: impl Fn(String) -> F + Send + 'static,
    reference: Option<String>,
    render: impl FnOnce(FirstLookup<T>) -> V + Send + 'static,
) -> Awaited<V>
where
    T: Serialize + Send + 'static,
    E: Display,
    F: Future<Output = Result<Option<T>, E>> + Send,
{
    let (result, first) = oneshot::channel();
    let (done, is_done) = oneshot::channel::<()>();
    spawn(ScopedFuture::new(async move {
        let _ = result.send(first_lookup(order, reference).await);
        drop(done);
    }));
    // The response begins after the lookup. Until then, a browser that reloads the page shows the previous one.
    if let Some(context) = Owner::current_shared_context() {
        context.defer_stream(Box::pin(async move {
            let _ = is_done.await;
        }));
    }
    Awaited::new(async move {
        // The sender is dropped if `order` panics.
        let first = first.await.unwrap_or_else(|_| Lookup::Waiting.into());
        render(first)
    })
}

/// Looks up the order until it is found or the response has been delayed long enough.
async fn first_lookup<T, E, F>(
    order: impl Fn(String) -> F,
    reference: Option<String>,
) -> FirstLookup<T>
where
    T: Serialize,
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let Some(reference) = reference.and_then(|text| text.parse::<Reference>().ok()) else {
        return Lookup::Unconfirmed.into();
    };
    let (lookup, reload_after) = match LayerContext::from_parts(use_context::<Parts>().as_ref()) {
        Some(context) => delayed_lookup(order, &reference, &context).await,
        None => (Lookup::Unconfirmed, None),
    };
    let json = serde_json::to_string(&lookup)
        .inspect_err(|error| tracing::error!(%error, "the order cannot be serialized"));
    FirstLookup {
        json: json.ok(),
        lookup,
        reload_after: reload_after.map(|time| time.as_secs()),
    }
}

/// Returns the state of the page, and the time until a browser without JavaScript reloads it.
async fn delayed_lookup<T, E, F>(
    order: impl Fn(String) -> F,
    reference: &Reference,
    context: &LayerContext,
) -> (Lookup<T>, Option<Duration>)
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let buyers = &context.waiting_buyers;
    // Before the first lookup, so that an event that is handled meanwhile is not missed.
    let (visit, session, can_be_ours) = match find_session(context.offers.shop(), reference).await {
        FoundSession::Known(session) => (buyers.visit(reference), Some(session), true),
        // Anyone can invent references, so these responses are not delayed. A buyer can still have such a reference, e.g.
        // after a restart of a shop without a store. The page then reloads until the webhook has arrived.
        FoundSession::Uncertain => (buyers.visit_unknown(reference), None, true),
        // The reference is invented, or so old that the order is found at once, or the store failed at the sale.
        FoundSession::NotStored => (buyers.visit_unknown(reference), None, false),
    };
    // Requests within two seconds of the first visit also get the short delay, because the browser has not shown the page
    // yet.
    let delay = if visit.since_first < FIRST_DELAY * 2 {
        FIRST_DELAY
    } else {
        RELOAD_DELAY
    };
    let delay = delay.min(LOOKUP_TIMEOUT.saturating_sub(visit.since_first));
    // With too many delayed responses, this one is sent after a single lookup.
    let delay = visit.permit.as_ref().map_or(Duration::ZERO, |_| delay);
    let lookup = look_up(order, reference, delay, session, context.client.clone());
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match timeout(delay + LOOKUP_GRACE, lookup).await {
        Ok(Some(order)) => return (Lookup::Found(order), None),
        Ok(None) => {}
        Err(_) => tracing::warn!(%reference, "looking up the order timed out"),
    }
    if can_be_ours && visit.since_first + delay < LOOKUP_TIMEOUT {
        return (Lookup::Waiting, Some(RELOAD_AFTER));
    }
    // A later visit would count as a first visit.
    let reloads = visit.since_first + SLOW_RELOAD_AFTER * 2 < VISIT_TTL;
    (Lookup::Unconfirmed, reloads.then_some(SLOW_RELOAD_AFTER))
}

/// Looks up the order once, and again until it is found, the delay is over, or the client has disconnected.
async fn look_up<T, E, F>(
    order: impl Fn(String) -> F,
    reference: &Reference,
    delay: Duration,
    mut session: Option<AwaitedSession>,
    mut client: watch::Receiver<()>,
) -> Option<T>
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let until = Instant::now() + delay;
    let mut is_handled = false;
    loop {
        match order(reference.to_string()).await {
            Ok(Some(order)) => return Some(order),
            Ok(None) => {}
            Err(error) => tracing::warn!(%reference, %error, "looking up the order failed"),
        }
        let now = Instant::now();
        let session = session.as_mut().filter(|_| now < until)?;
        // Polls after a notification too: the order may still be on its way, for example to a replica of the database.
        let next = if session.is_notified() && !is_handled {
            until
        } else {
            until.min(now + LOOKUP_INTERVAL)
        };
        tokio::select! {
            // Leptos continues to render after the client has disconnected.
            _ = client.changed() => return None,
            handled = session.changed() => is_handled |= handled,
            () = sleep_until(next) => {}
        }
    }
}
