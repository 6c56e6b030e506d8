//! The delivery of events in the background.

use std::{sync::Arc, time::Duration};

use tokio::sync::oneshot;
use tracing::info;

use super::{endpoint::Endpoint, event::Event, state::FakeState};

/// Interval between two attempts, as at Kelviq.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Delivers events to the webhook URL, if there is one: each after the first attempt of the one before it. The future
/// resolves when the buyer can be sent back to the shop: after the first attempts, or at once if deliveries are delayed.
///
/// The deliveries run in tasks, so they continue if the future is dropped, for example because the buyer closes the page.
pub(super) fn deliver(
    state: Arc<FakeState>,
    events: Vec<Arc<Event>>,
) -> impl Future<Output = ()> + Send {
    let delay = state.delivery_delay;
    let (done, wait) = oneshot::channel::<()>();
    if let Some(endpoint) = state.endpoint.clone() {
        tokio::spawn(async move {
            if let Some(delay) = delay {
                tokio::select! {
                    () = tokio::time::sleep(delay) => {}
                    () = state.stopped() => return,
                }
            }
            for event in events {
                deliver_one(&state, &endpoint, event).await;
            }
            // The receiver is dropped when the buyer closes the page.
            let _ = done.send(());
        });
    } else {
        drop(done);
        for event in events {
            info!(
                "webhook {} ({}): not delivered, no webhook URL is set",
                event.id, event.kind
            );
        }
    }
    async move {
        if delay.is_none() {
            // An error means that there is no webhook URL, or that the `FakeKelviq` was dropped.
            let _ = wait.await;
        }
    }
}

/// Delivers an event in a task, and returns after the first attempt.
async fn deliver_one(state: &Arc<FakeState>, endpoint: &Arc<Endpoint>, event: Arc<Event>) {
    let (first_attempt_done, wait) = oneshot::channel();
    let (state, endpoint) = (state.clone(), endpoint.clone());
    tokio::spawn(async move {
        let delivery = endpoint.deliver(
            &event,
            &state.webhook_secret,
            &state.delivery_log,
            RETRY_INTERVAL,
            first_attempt_done,
        );
        tokio::select! {
            () = delivery => {}
            () = state.stopped() => {}
        }
    });
    // An error means that the `FakeKelviq` was dropped.
    let _ = wait.await;
}
