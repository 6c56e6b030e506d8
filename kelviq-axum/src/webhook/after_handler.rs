//! What happens to an event after its handler.

use std::time::Duration;

use super::{
    inbox::{ClaimToken, Inbox},
    received_event::ReceivedEvent,
};
use crate::{metrics, shop::Shop, store::store_trait::Store};

/// What happens to an event after its handler.
pub(super) trait AfterHandler<I: Inbox>: Clone + Send + Sync + 'static {
    /// Called when the handler's changes are committed, or may be.
    fn handled(&self, _received: &ReceivedEvent) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Ends the claim of an event whose handler failed.
    fn failed(
        &self,
        inbox: &I,
        claim: &ClaimToken,
        reason: &str,
    ) -> impl Future<Output = Result<(), I::Error>> + Send;

    /// Ends the claim of an event whose checkout is being handled for another event.
    fn postponed(
        &self,
        inbox: &I,
        claim: &ClaimToken,
        retry_after: Duration,
    ) -> impl Future<Output = Result<(), I::Error>> + Send;
}

/// Releases the claim, so that Kelviq's next delivery is handled.
#[derive(Clone, Copy)]
pub(super) struct Release;

impl<I: Inbox> AfterHandler<I> for Release {
    async fn failed(&self, inbox: &I, claim: &ClaimToken, _: &str) -> Result<(), I::Error> {
        inbox.release(claim).await
    }

    async fn postponed(&self, inbox: &I, claim: &ClaimToken, _: Duration) -> Result<(), I::Error> {
        inbox.release(claim).await
    }
}

/// Updates the shop, or stores the failure, so that the event is handled again after a pause.
#[derive(Clone)]
pub(super) struct Retry {
    pub(super) shop: Option<Shop>,
}

impl<S: Store> AfterHandler<S> for Retry {
    async fn handled(&self, received: &ReceivedEvent) {
        if let Some(shop) = &self.shop {
            let checkout = received.checkout.as_ref();
            let key = checkout.map(|checkout| &*checkout.key);
            shop.checkout_handled(&received.event, key).await;
        }
    }

    async fn failed(&self, store: &S, claim: &ClaimToken, reason: &str) -> Result<(), S::Error> {
        let is_failed = store.fail(claim, reason, retry_in).await?;
        if !is_failed {
            tracing::error!("the claim was lost before the failure was stored");
        }
        Ok(())
    }

    async fn postponed(
        &self,
        store: &S,
        claim: &ClaimToken,
        retry_after: Duration,
    ) -> Result<(), S::Error> {
        let retry_after = retry_after.max(Duration::from_secs(1));
        store.postpone(claim, retry_after).await
    }
}

/// Maximum number of attempts, over about three days.
pub(super) const MAX_ATTEMPTS: u32 = 25;

/// Returns the pause after this number of attempts: 5 s, 15 s, 45 s, … at most 4 h. `None` after the last one.
fn retry_in(attempts: u32) -> Option<Duration> {
    const FIRST: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);
    if attempts >= MAX_ATTEMPTS {
        tracing::error!(attempts, "webhook given up: its handler failed too often");
        metrics::webhook_dead();
        return None;
    }
    let factor = 3u32.saturating_pow(attempts.saturating_sub(1));
    Some(FIRST.saturating_mul(factor).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_to_hours_and_end_after_days() {
        let seconds = |attempts| retry_in(attempts).map(|pause| pause.as_secs());
        assert_eq!(seconds(1), Some(5));
        assert_eq!(seconds(2), Some(15));
        assert_eq!(seconds(9), Some(4 * 3600));
        assert_eq!(seconds(MAX_ATTEMPTS), None);
        let total: u64 = (1..MAX_ATTEMPTS).filter_map(seconds).sum();
        assert_eq!(total / 3600, 68);
    }
}
