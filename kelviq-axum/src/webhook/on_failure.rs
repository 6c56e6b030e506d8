//! What happens to an event whose handler failed.

use std::time::Duration;

use super::inbox::{ClaimToken, Inbox};
use crate::{metrics, store::store_trait::Store};

/// What happens to an event whose handler failed.
pub(super) trait OnFailure<I: Inbox>: Copy + Send + Sync + 'static {
    /// Ends the claim of an event whose handler failed.
    fn failed(
        self,
        inbox: &I,
        claim: &ClaimToken,
        reason: &str,
    ) -> impl Future<Output = Result<(), I::Error>> + Send;

    /// Ends the claim of an event whose checkout is being handled for another event.
    fn postponed(
        self,
        inbox: &I,
        claim: &ClaimToken,
        retry_after: Duration,
    ) -> impl Future<Output = Result<(), I::Error>> + Send;
}

/// Releases the claim, so that Kelviq's next delivery is handled.
#[derive(Clone, Copy)]
pub(super) struct Release;

impl<I: Inbox> OnFailure<I> for Release {
    async fn failed(self, inbox: &I, claim: &ClaimToken, _: &str) -> Result<(), I::Error> {
        inbox.release(claim).await
    }

    async fn postponed(self, inbox: &I, claim: &ClaimToken, _: Duration) -> Result<(), I::Error> {
        inbox.release(claim).await
    }
}

/// Stores the failure, so that the event is handled again after a pause.
#[derive(Clone, Copy)]
pub(super) struct Retry;

impl<S: Store> OnFailure<S> for Retry {
    async fn failed(self, store: &S, claim: &ClaimToken, reason: &str) -> Result<(), S::Error> {
        let is_failed = store.fail(claim, reason, retry_in).await?;
        if !is_failed {
            tracing::error!("the claim was lost before the failure was stored");
        }
        Ok(())
    }

    async fn postponed(
        self,
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
