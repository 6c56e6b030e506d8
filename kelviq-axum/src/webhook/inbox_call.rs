//! Calls of an inbox, with a timeout and without panics.

use std::{error::Error, fmt, panic::AssertUnwindSafe, pin::pin, time::Duration};

use futures_util::{FutureExt, future::poll_immediate};
use tokio::time::timeout;

use super::inbox::Inbox;
use crate::panics::panic_message;

/// Runs an operation of the inbox with a timeout of a third of its lease.
pub(super) async fn call_inbox<I: Inbox, T>(
    operation: impl Future<Output = Result<T, I::Error>>,
) -> Result<T, InboxError<I::Error>> {
    call_inbox_within::<I, T>(I::LEASE / 3, operation).await
}

/// Runs an operation of the inbox with a timeout. A panic becomes an error.
///
/// An operation that takes too long is dropped. The timeout does not apply while the operation blocks its thread.
pub(super) async fn call_inbox_within<I: Inbox, T>(
    limit: Duration,
    operation: impl Future<Output = Result<T, I::Error>>,
) -> Result<T, InboxError<I::Error>> {
    // In a block of its own, so that a panic while the operation is dropped is caught, too. After a panic, it is not polled
    // again.
    let operation = async move {
        let mut operation = pin!(operation);
        // Most operations need no timer.
        match poll_immediate(&mut operation).await {
            Some(result) => Ok(result),
            None => timeout(limit, operation).await,
        }
    };
    match AssertUnwindSafe(operation).catch_unwind().await {
        Ok(Ok(result)) => result.map_err(InboxError::Failed),
        Ok(Err(_)) => Err(InboxError::TimedOut),
        Err(panic) => Err(InboxError::Panicked(panic_message(&*panic))),
    }
}

/// An error of [`call_inbox`].
#[derive(Debug)]
pub(super) enum InboxError<E> {
    Failed(E),
    Panicked(String),
    TimedOut,
}

impl<E: fmt::Display> fmt::Display for InboxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(message) => write!(f, "the inbox panicked: {message}"),
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
