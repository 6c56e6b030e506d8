//! A store in memory whose references can fail.

use std::{
    collections::BTreeMap,
    future::pending,
    io,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use kelviq_axum::{
    Claim, ClaimToken, DueEvent, FailedEvent, Inbox, MemoryInbox, Store, StoreStatus, StoredEvent,
};
use kelviq_core::VerifiedEvent;

/// What happens when the store is called.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Mode {
    #[default]
    Works,
    Fails,
    Hangs,
}

/// A store in memory. Clones share the same data.
#[derive(Clone, Default)]
pub(crate) struct SessionStore {
    inbox: MemoryInbox,
    references: Arc<Mutex<BTreeMap<String, String>>>,
    mode: Arc<Mutex<Mode>>,
}

impl SessionStore {
    pub(crate) fn set_mode(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    async fn check(&self) -> io::Result<()> {
        let mode = *self.mode.lock().unwrap();
        match mode {
            Mode::Works => Ok(()),
            Mode::Fails => Err(io::Error::other("the store failed")),
            Mode::Hangs => pending().await,
        }
    }
}

impl Inbox for SessionStore {
    type Error = io::Error;

    async fn claim(&self, event: &VerifiedEvent) -> io::Result<Claim> {
        self.inbox.claim(event).await.map_err(io::Error::other)
    }

    async fn renew(&self, claim: &ClaimToken) -> io::Result<bool> {
        self.inbox.renew(claim).await.map_err(io::Error::other)
    }

    async fn complete(&self, claim: &ClaimToken) -> io::Result<bool> {
        self.inbox.complete(claim).await.map_err(io::Error::other)
    }

    async fn release(&self, claim: &ClaimToken) -> io::Result<()> {
        self.inbox.release(claim).await.map_err(io::Error::other)
    }
}

impl Store for SessionStore {
    async fn keep(&self, _: &StoredEvent, _: Duration) -> io::Result<bool> {
        Ok(true)
    }

    async fn due(&self) -> io::Result<Option<DueEvent>> {
        Ok(None)
    }

    async fn fail(
        &self,
        _: &ClaimToken,
        _: &str,
        _: impl Fn(u32) -> Option<Duration> + Send + Sync,
    ) -> io::Result<bool> {
        Ok(true)
    }

    async fn postpone(&self, _: &ClaimToken, _: Duration) -> io::Result<()> {
        Ok(())
    }

    async fn failed(&self, _: u32) -> io::Result<Vec<FailedEvent>> {
        Ok(Vec::new())
    }

    async fn replay(&self, _: &str) -> io::Result<bool> {
        Ok(false)
    }

    async fn purge(&self, _: Duration, _: Duration) -> io::Result<u64> {
        Ok(0)
    }

    async fn has_checkout(&self, _: &str, _: &str) -> io::Result<bool> {
        Ok(false)
    }

    async fn insert_reference(&self, reference: &str, session_id: &str) -> io::Result<()> {
        self.check().await?;
        let mut references = self.references.lock().unwrap();
        references.insert(reference.into(), session_id.into());
        Ok(())
    }

    async fn session_id(&self, reference: &str) -> io::Result<Option<String>> {
        self.check().await?;
        Ok(self.references.lock().unwrap().get(reference).cloned())
    }

    async fn created_at(&self) -> io::Result<SystemTime> {
        Ok(SystemTime::now())
    }

    async fn reconciled_at(&self) -> io::Result<SystemTime> {
        Ok(SystemTime::now())
    }

    async fn set_reconciled_at(&self, _: SystemTime) -> io::Result<()> {
        Ok(())
    }

    async fn listen(&self, completed: impl Fn(Option<&str>) + Send + Sync) -> io::Result<()> {
        self.check().await?;
        completed(None);
        pending().await
    }

    async fn status(&self) -> io::Result<StoreStatus> {
        Ok(StoreStatus::default())
    }
}
