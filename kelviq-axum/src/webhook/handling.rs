//! The handling of an event, as its handler sees it.

use std::{
    any::Any,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{claims::Claims, inbox::Inbox};
use crate::store::transaction::{CompleteError, StoreTransaction};

/// The claims of an event with the inbox that they belong to. Clones share the same data.
#[derive(Clone)]
pub(super) struct Handling(Arc<Data<dyn Any + Send + Sync>>);

struct Data<I: ?Sized> {
    claims: Claims,
    is_recorded: AtomicBool,
    /// Has the type that the webhook route was created with, which the handler does not know.
    inbox: I,
}

impl Handling {
    pub(super) fn new<I: Inbox>(inbox: I, claims: Claims) -> Self {
        Self(Arc::new(Data {
            claims,
            is_recorded: AtomicBool::new(false),
            inbox,
        }))
    }

    pub(super) fn claims(&self) -> &Claims {
        &self.0.claims
    }

    /// Records the claims as completed in a transaction.
    pub(super) async fn complete<T: StoreTransaction>(
        self,
        tx: &mut T,
    ) -> Result<(), CompleteError> {
        let store = self.0.inbox.downcast_ref::<T::Store>();
        let store = store.ok_or(CompleteError::OtherStore)?;
        for claim in self.claims().inner_first() {
            let is_claimed = tx.complete(store, claim).await;
            if !is_claimed.map_err(|error| CompleteError::Store(error.into()))? {
                return Err(CompleteError::ClaimLost);
            }
        }
        self.0.is_recorded.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Stores a key in a transaction. Returns `false` if it is stored already.
    pub(super) async fn insert_key<T: StoreTransaction>(
        self,
        tx: &mut T,
        key: String,
    ) -> Result<bool, CompleteError> {
        let store = self.0.inbox.downcast_ref::<T::Store>();
        let store = store.ok_or(CompleteError::OtherStore)?;
        let is_new = tx.insert_key(store, &key).await;
        is_new.map_err(|error| CompleteError::Store(error.into()))
    }

    /// Returns `true` if the handler completed the event in a transaction, which may or may not have been committed.
    pub(super) fn is_recorded(&self) -> bool {
        self.0.is_recorded.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling")
            .field("claims", self.claims())
            .field("is_recorded", &self.is_recorded())
            .finish_non_exhaustive()
    }
}
