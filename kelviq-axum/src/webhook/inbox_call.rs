//! Calls of an inbox, with a timeout and without panics.

use std::{error::Error, fmt, time::Duration};

use tokio::task::JoinError;
use tracing::Instrument;

use super::inbox::Inbox;

/// Runs an operation of the inbox with a timeout of a third of its lease.
pub(super) async fn call_inbox<I: Inbox, T: Send + 'static>(
    operation: impl Future<Output = Result<T, I::Error>> + Send + 'static,
) -> Result<T, InboxError<I::Error>> {
    call_inbox_within::<I, T>(I::LEASE / 3, operation).await
}

/// Runs an operation of the inbox with a timeout. It runs in a separate task, so that a panic becomes an error.
pub(super) async fn call_inbox_within<I: Inbox, T: Send + 'static>(
    timeout: Duration,
    operation: impl Future<Output = Result<T, I::Error>> + Send + 'static,
) -> Result<T, InboxError<I::Error>> {
    let mut task = tokio::spawn(operation.in_current_span());
    match tokio::time::timeout(timeout, &mut task).await {
        Ok(Ok(result)) => result.map_err(InboxError::Failed),
        Ok(Err(error)) => Err(InboxError::Panicked(error)),
        Err(_) => {
            task.abort();
            Err(InboxError::TimedOut)
        }
    }
}

/// An error of [`call_inbox`].
#[derive(Debug)]
pub(super) enum InboxError<E> {
    Failed(E),
    Panicked(JoinError),
    TimedOut,
}

impl<E: fmt::Display> fmt::Display for InboxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(error) => write!(f, "the inbox panicked: {error}"),
            Self::TimedOut => f.write_str("the inbox timed out"),
        }
    }
}

impl<E: Error + 'static> Error for InboxError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::Panicked(_) | Self::TimedOut => None,
        }
    }
}
