//! How the success page looks for the order by itself, in the browser.

use std::{fmt::Display, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::js_sys::Date;

use crate::checkout_status::{Look, PATIENCE};

/// Looks again and again, less often as time goes on, until the order is there, the page is left or patience is over.
pub(crate) fn watch<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    look: RwSignal<Look<T>>,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    // By a clock of its own: a question may never be answered.
    let give_up = move || {
        if is_waiting(look) {
            look.try_set(Look::GaveUp);
        }
    };
    set_timeout(give_up, PATIENCE);
    look_again(order, reference, look, Date::now());
}

fn look_again<T, E, F>(
    order: impl Fn(String) -> F + Clone + 'static,
    reference: String,
    look: RwSignal<Look<T>>,
    since: f64,
) where
    T: Clone + Send + Sync + 'static,
    E: Display + 'static,
    F: Future<Output = Result<Option<T>, E>> + 'static,
{
    let owner = Owner::current();
    spawn_local(async move {
        if !is_waiting(look) {
            return;
        }
        let question = match &owner {
            Some(owner) => owner.with(|| order(reference.clone())),
            None => order(reference.clone()),
        };
        if let Ok(Some(found)) = question.await {
            look.try_set(Look::Found(found));
            return;
        }
        // A clock that is set back meanwhile makes no pause shorter than a second, and none longer than patience lasts.
        let waited = Duration::try_from_secs_f64((Date::now() - since) / 1000.0);
        let pause = (waited.unwrap_or_default() / 8).clamp(Duration::from_secs(1), PATIENCE);
        let again = move || match owner {
            Some(owner) => owner.with(|| look_again(order, reference, look, since)),
            None => look_again(order, reference, look, since),
        };
        set_timeout(again, pause);
    });
}

fn is_waiting<T: Send + Sync + 'static>(look: RwSignal<Look<T>>) -> bool {
    let waiting = look.try_with_untracked(|look| matches!(look, Look::Waiting { .. }));
    waiting.unwrap_or(false)
}

/// Calls off that the browser loads the page again, which the server asked for in case no script comes.
///
/// It is what the Stop button does. That waits until the page is there: it would stop what is still on its way.
pub(crate) fn call_the_reload_off() {
    let stop = || {
        let _ = window().stop();
    };
    if document().ready_state() == "complete" {
        stop();
    } else {
        window_event_listener(ev::load, move |_| stop());
    }
}
