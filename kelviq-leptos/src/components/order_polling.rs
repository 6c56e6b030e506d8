//! Polls for the order on the success page, in the browser.

use std::{fmt::Display, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use web_sys::js_sys::Date;

use crate::{
    compat,
    lookup::{LOOKUP_TIMEOUT, Lookup},
};

/// Polls until the order is found, or the current owner is cleaned up. The interval grows with time.
pub(super) fn poll_order<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    lookup: RwSignal<Lookup<T>>,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    let is_waiting = move || lookup.with_untracked(|lookup| matches!(lookup, Lookup::Waiting));
    // Disposed when the owner is cleaned up.
    let is_current = StoredValue::new(());
    let mut started_at = Date::now();
    if is_waiting() {
        // A separate timer, because a request may never complete.
        let give_up = move || {
            if !is_current.is_disposed() && is_waiting() {
                lookup.set(Lookup::Unconfirmed);
            }
        };
        compat::set_timeout(give_up, LOOKUP_TIMEOUT);
    } else {
        started_at -= LOOKUP_TIMEOUT.as_secs_f64() * 1000.0;
    }
    poll_once(order, reference, lookup, started_at, is_current);
}

/// Looks up the order, and schedules the next request if it is not found.
fn poll_once<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    lookup: RwSignal<Lookup<T>>,
    started_at: f64,
    is_current: StoredValue<()>,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    let owner = Owner::current();
    spawn_local(async move {
        let request = match &owner {
            Some(owner) => owner.with(|| order(reference.clone())),
            None => order(reference.clone()),
        };
        let result = request.await;
        if is_current.is_disposed() {
            return;
        }
        if let Ok(Some(found)) = result {
            lookup.set(Lookup::Found(found));
            return;
        }
        // Clamped, because the system clock can be changed meanwhile.
        let elapsed = Duration::try_from_secs_f64((Date::now() - started_at) / 1000.0);
        let interval =
            (elapsed.unwrap_or_default() / 8).clamp(Duration::from_secs(1), LOOKUP_TIMEOUT);
        let poll_again = move || {
            if is_current.is_disposed() {
                return;
            }
            let poll = || poll_once(order, reference, lookup, started_at, is_current);
            match owner {
                Some(owner) => owner.with(poll),
                None => poll(),
            }
        };
        compat::set_timeout(poll_again, interval);
    });
}
