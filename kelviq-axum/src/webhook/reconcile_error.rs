//! The errors of a reconciliation.

use std::{error::Error, fmt};

use super::inbox_call::InboxError;

/// An error from [`Webhooks::reconcile`](crate::Webhooks::reconcile).
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    /// No client was set with [`Webhooks::reconcile_with`](crate::Webhooks::reconcile_with).
    NoClient,
    /// Kelviq could not be reached, or rejected a request.
    Kelviq(kelviq_core::Error),
    /// The store could not be reached.
    Store(Box<dyn Error + Send + Sync>),
}

pub(super) fn store_error<E: Error + Send + Sync + 'static>(
    error: InboxError<E>,
) -> ReconcileError {
    ReconcileError::Store(Box::new(error))
}

impl From<kelviq_core::Error> for ReconcileError {
    fn from(error: kelviq_core::Error) -> Self {
        Self::Kelviq(error)
    }
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoClient => "reconciliation needs a client; set one with `reconcile_with`",
            Self::Kelviq(_) => "the events or sessions could not be fetched from Kelviq",
            Self::Store(_) => "the store could not be reached",
        })
    }
}

impl Error for ReconcileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoClient => None,
            Self::Kelviq(error) => Some(error),
            Self::Store(error) => Some(&**error),
        }
    }
}
