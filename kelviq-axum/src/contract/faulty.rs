//! An inbox that fails or hangs.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use kelviq_core::VerifiedEvent;

use crate::{
    store::{
        store_trait::Store,
        stored_event::{DueEvent, FailedEvent, StoreStatus, StoredEvent},
    },
    webhook::inbox::{Claim, ClaimToken, Inbox},
};

/// What happens to a call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It fails, and changes nothing.
    Fails,
    /// It fails, but its change was made: only the response was lost.
    FailsAfterwards,
    /// It never returns, and changes nothing.
    Hangs,
}

/// An inbox or store whose calls fail or hang. Clones count their calls together.
#[derive(Clone)]
pub(super) struct Faulty<I> {
    pub(super) inner: I,
    pub(super) fault: Fault,
    /// Number of the first call with the fault, from 1.
    pub(super) first: u32,
    /// Number of the last one.
    pub(super) last: u32,
    pub(super) calls: Arc<AtomicU32>,
}

impl<I: Inbox> Faulty<I> {
    async fn call<T>(&self, call: impl Future<Output = Result<T, I::Error>>) -> io::Result<T> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if !(self.first..=self.last).contains(&number) {
            return call.await.map_err(io::Error::other);
        }
        match self.fault {
            Fault::Fails => {}
            Fault::FailsAfterwards => drop(call.await),
            Fault::Hangs => std::future::pending().await,
        }
        Err(io::Error::other("a fault of the test suite"))
    }
}

impl<I: Inbox> Inbox for Faulty<I> {
    type Error = io::Error;

    /// The route waits for a third of this. The claims of the inner inbox are longer.
    const LEASE: Duration = Duration::from_millis(1500);

    async fn claim(&self, event: &VerifiedEvent) -> io::Result<Claim> {
        self.call(self.inner.claim(event)).await
    }

    async fn renew(&self, claim: &ClaimToken) -> io::Result<bool> {
        self.call(self.inner.renew(claim)).await
    }

    async fn complete(&self, claim: &ClaimToken) -> io::Result<bool> {
        self.call(self.inner.complete(claim)).await
    }

    async fn release(&self, claim: &ClaimToken) -> io::Result<()> {
        self.call(self.inner.release(claim)).await
    }
}

impl<S: Store> Store for Faulty<S> {
    async fn keep(&self, event: &StoredEvent, due_in: Duration) -> io::Result<bool> {
        self.call(self.inner.keep(event, due_in)).await
    }

    async fn due(&self) -> io::Result<Option<DueEvent>> {
        self.call(self.inner.due()).await
    }

    async fn fail(
        &self,
        claim: &ClaimToken,
        reason: &str,
        retry_in: impl Fn(u32) -> Option<Duration> + Send + Sync,
    ) -> io::Result<bool> {
        self.call(self.inner.fail(claim, reason, retry_in)).await
    }

    async fn postpone(&self, claim: &ClaimToken, due_in: Duration) -> io::Result<()> {
        self.call(self.inner.postpone(claim, due_in)).await
    }

    async fn failed(&self, limit: u32) -> io::Result<Vec<FailedEvent>> {
        self.call(self.inner.failed(limit)).await
    }

    async fn replay(&self, event_id: &str) -> io::Result<bool> {
        self.call(self.inner.replay(event_id)).await
    }

    async fn purge(&self, bodies_after: Duration, rows_after: Duration) -> io::Result<u64> {
        self.call(self.inner.purge(bodies_after, rows_after)).await
    }

    async fn has_checkout(&self, session_id: &str, claim_id: &str) -> io::Result<bool> {
        self.call(self.inner.has_checkout(session_id, claim_id))
            .await
    }

    async fn insert_reference(&self, reference: &str, session_id: &str) -> io::Result<()> {
        self.call(self.inner.insert_reference(reference, session_id))
            .await
    }

    async fn session_id(&self, reference: &str) -> io::Result<Option<String>> {
        self.call(self.inner.session_id(reference)).await
    }

    async fn created_at(&self) -> io::Result<SystemTime> {
        self.call(self.inner.created_at()).await
    }

    async fn reconciled_at(&self) -> io::Result<SystemTime> {
        self.call(self.inner.reconciled_at()).await
    }

    async fn set_reconciled_at(&self, time: SystemTime) -> io::Result<()> {
        self.call(self.inner.set_reconciled_at(time)).await
    }

    async fn status(&self) -> io::Result<StoreStatus> {
        self.call(self.inner.status()).await
    }
}
