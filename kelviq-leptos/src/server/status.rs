//! How the success page waits without a script. Where one comes, it calls the reload off and looks by itself.
//!
//! The page asks the browser to load it again, and the server holds that second request back until there is news.
//! Meanwhile the buyer keeps the page that is shown, so whoever reads it with a screen reader or moves through it by
//! keyboard loses the place once or twice rather than every other second. The address stays the same, so that Back leads
//! out of the page and not through its past.

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

use super::layer::Provided;
use crate::checkout_status::{Look, PATIENCE};

/// The webhook is often only a moment behind the buyer. More would look like a page that hangs.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// How long the server holds a page back that the browser loads again by itself: less than servers commonly allow.
const NEXT_WAIT: Duration = Duration::from_secs(8);
/// Seconds until the browser loads the page again: time for it to be seen, and for a screen reader to begin.
const REFRESH_AFTER: HeaderValue = HeaderValue::from_static("3");
/// How much longer the last look may take.
const SLACK: Duration = Duration::from_secs(3);
/// How often the order is looked for meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Looks for the order while the page is rendered.
pub(crate) async fn first_look<T, E, F>(
    order: impl Fn(String) -> F,
    reference: Option<String>,
) -> Look<T>
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let Some(reference) = reference.and_then(|text| text.parse::<Reference>().ok()) else {
        return Look::GaveUp;
    };
    let Some(provided) =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Provided>().cloned())
    else {
        super::sell::tell_that_the_layer_is_missing();
        return Look::GaveUp;
    };
    let response = use_context::<ResponseOptions>();
    let since_first = provided.visits.since_first(&reference);
    // Several loads at once are one visit, to a page that nobody has seen so far.
    let wait = if since_first < FIRST_WAIT * 2 {
        FIRST_WAIT
    } else {
        NEXT_WAIT
    };
    let wait = wait.min(PATIENCE.saturating_sub(since_first));
    // Too many held pages at once: the others are shown as they are.
    let place = provided.visits.hold();
    let wait = place.as_ref().map_or(Duration::ZERO, |_| wait);
    let look = look_for(order, &reference, wait, &provided.visitor);
    if let Some(response) = &response {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match timeout(wait + SLACK, look).await {
        Ok(Some(order)) => return Look::Found(order),
        Ok(None) => {}
        Err(_) => tracing::warn!(%reference, "the order was not looked up in time"),
    }
    if since_first + wait >= PATIENCE {
        return Look::GaveUp;
    }
    if let Some(response) = &response {
        response.insert_header(REFRESH, REFRESH_AFTER);
    }
    Look::Waiting {
        reloads: response.is_some(),
    }
}

async fn look_for<T, E, F>(
    order: impl Fn(String) -> F,
    reference: &Reference,
    wait: Duration,
    visitor: &Weak<()>,
) -> Option<T>
where
    E: Display,
    F: Future<Output = Result<Option<T>, E>>,
{
    let until = Instant::now() + wait;
    loop {
        match order(reference.to_string()).await {
            Ok(Some(order)) => return Some(order),
            Ok(None) => {}
            Err(error) => tracing::warn!(%reference, %error, "the order was not looked up"),
        }
        let now = Instant::now();
        // Leptos goes on to render for a visitor who has hung up.
        if now >= until || visitor.strong_count() == 0 {
            return None;
        }
        sleep(LOOK_EVERY.min(until - now)).await;
    }
}
