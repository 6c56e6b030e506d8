//! A short timer that is registered while requests arrive.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::time::sleep;

/// Every timeout of a request is longer.
const PERIOD: Duration = Duration::from_secs(1);

static IS_KEPT: AtomicBool = AtomicBool::new(false);
static IS_USED: AtomicBool = AtomicBool::new(false);

/// Keeps a short timer registered for a while.
///
/// Registering a timer that expires before all others wakes the thread that waits for the earliest one, which takes more
/// time than the rest of the timeout. With a shorter timer, a request's own timers do not wake it.
pub(crate) fn keep_short_timer() {
    IS_USED.store(true, Ordering::Relaxed);
    if IS_KEPT.swap(true, Ordering::Relaxed) {
        return;
    }
    let kept = Kept;
    tokio::spawn(async move {
        while IS_USED.swap(false, Ordering::Relaxed) {
            sleep(PERIOD).await;
        }
        drop(kept);
    });
}

/// Ends when the timer expires without further requests, or the runtime shuts down.
struct Kept;

impl Drop for Kept {
    fn drop(&mut self) {
        IS_KEPT.store(false, Ordering::Relaxed);
    }
}
