//! Looks up the order while the success page is rendered.
//!
//! Without JavaScript, the browser reloads the page, and the server delays the response to each reload until the order
//! is found. Meanwhile the browser shows the previous page. It therefore loads the page only a few times, and a screen
//! reader or a keyboard user rarely loses the position. All reloads have the same URL, so the Back button leaves the
//! page.
//!
//! With JavaScript, the script cancels the reload and polls.

use std::{fmt::Display, sync::Weak, time::Duration};

use axum::http::{
    HeaderValue,
    header::{CACHE_CONTROL, REFRESH},
    request::Parts,
};
use kelviq_axum::Reference;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use tokio::time::{Instant, sleep, timeout};

use super::context::LayerContext;
use crate::lookup::{LOOKUP_TIMEOUT, Lookup};

/// Maximum delay of the first response. The webhook often arrives a moment after the buyer; a longer delay would look
/// like a page that hangs.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// Maximum delay of the response to a reload. Shorter than common server timeouts.
const RELOAD_DELAY: Duration = Duration::from_secs(8);

/// Seconds until the browser reloads the page, so that the buyer can see it and a screen reader can begin.
const REFRESH_AFTER: HeaderValue = HeaderValue::from_static("3");

/// Additional time for a lookup that is pending at the end of the delay.
const LOOKUP_GRACE: Duration = Duration::from_secs(3);

/// Interval between two lookups.
const LOOKUP_INTERVAL: Duration = Duration::from_millis(500);

/// Looks up the order until it is found or the response has been delayed long enough.
pub(crate) async fn first_lookup<T, E, F>(
    order: impl Fn(String) -> F,
    reference: Option<String>,
) -> Lookup<T>
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let Some(reference) = reference.and_then(|text| text.parse::<Reference>().ok()) else {
        return Lookup::GaveUp;
    };
    let Some(context) = LayerContext::from_parts(use_context::<Parts>().as_ref()) else {
        return Lookup::GaveUp;
    };
    let response = use_context::<ResponseOptions>();
    let since_first_visit = context.waiting_buyers.since_first_visit(&reference);
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
    let lookup = look_up(order, &reference, delay, &context.connection);
    if let Some(response) = &response {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match timeout(delay + LOOKUP_GRACE, lookup).await {
        Ok(Some(order)) => return Lookup::Found(order),
        Ok(None) => {}
        Err(_) => tracing::warn!(%reference, "looking up the order timed out"),
    }
    if since_first_visit + delay >= LOOKUP_TIMEOUT {
        return Lookup::GaveUp;
    }
    if let Some(response) = &response {
        response.insert_header(REFRESH, REFRESH_AFTER);
    }
    Lookup::Waiting {
        reloads: response.is_some(),
    }
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
