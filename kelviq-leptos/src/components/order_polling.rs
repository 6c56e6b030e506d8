//! Polls for the order on the success page, in the browser.

use std::{fmt::Display, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::js_sys::Date;

use crate::lookup::{LOOKUP_TIMEOUT, Lookup};

/// Polls until the order is found, the page is left, or the timeout is over. The interval grows with time.
pub(super) fn poll_order<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    lookup: RwSignal<Lookup<T>>,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    // A separate timer, because a request may never complete.
    let give_up = move || {
        if is_waiting(lookup) {
            lookup.try_set(Lookup::GaveUp);
        }
    };
    set_timeout(give_up, LOOKUP_TIMEOUT);
    poll_once(order, reference, lookup, Date::now());
}

/// Looks up the order, and schedules the next request if it is not found.
fn poll_once<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    lookup: RwSignal<Lookup<T>>,
    started_at: f64,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    let owner = Owner::current();
    spawn_local(async move {
        if !is_waiting(lookup) {
            return;
        }
        let request = match &owner {
            Some(owner) => owner.with(|| order(reference.clone())),
            None => order(reference.clone()),
        };
        if let Ok(Some(found)) = request.await {
            lookup.try_set(Lookup::Found(found));
            return;
        }
        // Clamped, because the system clock can be changed meanwhile.
        let elapsed = Duration::try_from_secs_f64((Date::now() - started_at) / 1000.0);
        let interval =
            (elapsed.unwrap_or_default() / 8).clamp(Duration::from_secs(1), LOOKUP_TIMEOUT);
        let poll_again = move || match owner {
            Some(owner) => owner.with(|| poll_once(order, reference, lookup, started_at)),
            None => poll_once(order, reference, lookup, started_at),
        };
        set_timeout(poll_again, interval);
    });
}

fn is_waiting<T: Send + Sync + 'static>(lookup: RwSignal<Lookup<T>>) -> bool {
    let waiting = lookup.try_with_untracked(|lookup| matches!(lookup, Lookup::Waiting { .. }));
    waiting.unwrap_or(false)
}

/// Cancels the reload that the server requested for browsers without JavaScript.
///
/// Calls `window.stop()` after the `load` event, so that pending resources of the page are not cancelled.
pub(super) fn cancel_reload() {
    let stop = || {
        let _ = window().stop();
    };
    if document().ready_state() == "complete" {
        stop();
    } else {
        window_event_listener(ev::load, move |_| stop());
    }
}
