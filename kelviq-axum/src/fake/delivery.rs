//! The delivery of a payment's event in the background.

use std::{sync::Arc, time::Duration};

use tokio::sync::oneshot;
use tracing::info;

use super::{event::Event, state::FakeState};

/// Interval between two attempts, as at Kelviq.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Delivers an event to the webhook URL, if there is one. Returns when the buyer can be sent back to the shop: after the
/// first attempt, or at once if deliveries are delayed.
///
/// The delivery runs in a task, so it continues if the buyer closes the page.
pub(super) async fn deliver(state: Arc<FakeState>, event: Arc<Event>) {
    let Some(endpoint) = state.endpoint.clone() else {
        info!("webhook {}: not delivered, no webhook URL is set", event.id);
        return;
    };
    let delay = state.delivery_delay;
    let (first_attempt_done, wait) = oneshot::channel();
    tokio::spawn(async move {
        let delivery = async {
            if let Some(delay) = delay {
                tokio::time::sleep(delay).await;
            }
            let secret = &state.webhook_secret;
            endpoint
                .deliver(
                    &event,
                    secret,
                    &state.delivery_log,
                    RETRY_INTERVAL,
                    first_attempt_done,
                )
                .await;
        };
        tokio::select! {
            () = delivery => {}
            () = state.stopped() => {}
        }
    });
    if delay.is_none() {
        // An error means that the `FakeKelviq` was dropped.
        let _ = wait.await;
    }
}
