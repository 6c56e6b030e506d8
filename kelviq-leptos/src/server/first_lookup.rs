//! Looks up the order while the success page is rendered.
//!
//! Without JavaScript, the browser reloads the page, and the server delays the response to each reload until the order
//! is found. Meanwhile the browser shows the previous page. It therefore loads the page only a few times, and a screen
//! reader or a keyboard user rarely loses the position. All reloads have the same URL, so the Back button leaves the
//! page.
//!
//! With JavaScript, the page does not reload, and the script polls.

use std::{fmt::Display, sync::Weak, time::Duration};

use axum::http::{HeaderValue, header::CACHE_CONTROL, request::Parts};
use kelviq_axum::Reference;
use leptos::{
    prelude::{Owner, use_context},
    reactive::{computed::ScopedFuture, spawn},
    serde_json,
};
use leptos_axum::ResponseOptions;
use serde::Serialize;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
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

/// Interval between two lookups.
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
    let since_first_visit = context.waiting_buyers.since_first_visit(reference);
    // Requests within two seconds of the first visit also get the short delay, because the browser has not shown the page
    // yet.
    let delay = if since_first_visit < FIRST_DELAY * 2 {
        FIRST_DELAY
    } else {
        RELOAD_DELAY
    };
    let delay = delay.min(LOOKUP_TIMEOUT.saturating_sub(since_first_visit));
    // With too many delayed responses, this one is sent after a single lookup.
    let permit = context.waiting_buyers.try_delay();
    let delay = permit.as_ref().map_or(Duration::ZERO, |_| delay);
    let lookup = look_up(order, reference, delay, &context.connection);
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match timeout(delay + LOOKUP_GRACE, lookup).await {
        Ok(Some(order)) => return (Lookup::Found(order), None),
        Ok(None) => {}
        Err(_) => tracing::warn!(%reference, "looking up the order timed out"),
    }
    if since_first_visit + delay < LOOKUP_TIMEOUT {
        return (Lookup::Waiting, Some(RELOAD_AFTER));
    }
    // A later visit would count as a first visit.
    let reloads = since_first_visit + SLOW_RELOAD_AFTER * 2 < VISIT_TTL;
    (Lookup::Unconfirmed, reloads.then_some(SLOW_RELOAD_AFTER))
}

/// Looks up the order once, and again until it is found or the delay is over.
async fn look_up<T, E, F>(
    order: impl Fn(String) -> F,
    reference: &Reference,
    delay: Duration,
    connection: &Weak<()>,
) -> Option<T>
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let until = Instant::now() + delay;
    loop {
        match order(reference.to_string()).await {
            Ok(Some(order)) => return Some(order),
            Ok(None) => {}
            Err(error) => tracing::warn!(%reference, %error, "looking up the order failed"),
        }
        let now = Instant::now();
        // Leptos continues to render after the client has disconnected.
        if now >= until || connection.strong_count() == 0 {
            return None;
        }
        sleep(LOOKUP_INTERVAL.min(until - now)).await;
    }
}
