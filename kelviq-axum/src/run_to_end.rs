//! Futures that a client which disconnects cannot interrupt.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use tokio::runtime::Handle;
use tracing::{Instrument, Span};

/// Runs a future to its end, in this span. If the returned future is dropped after it has begun, the rest runs in a task of its own.
pub(crate) fn run_to_end<T: Send>(
    span: Span,
    future: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send {
    Rest {
        future: Some(Box::pin(future.instrument(span))),
        runtime: None,
    }
}

/// A future that runs in a task of its own after this is dropped.
struct Rest<F: Future<Output: Send> + Send + 'static> {
    /// `None` when it has ended, also by a panic.
    future: Option<Pin<Box<F>>>,
    /// The runtime in which the future has begun.
    runtime: Option<Handle>,
}

impl<F: Future<Output: Send> + Send> Future for Rest<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(mut future) = self.future.take() else {
            return Poll::Pending;
        };
        if self.runtime.is_none() {
            self.runtime = Handle::try_current().ok();
        }
        let poll = future.as_mut().poll(cx);
        if poll.is_pending() {
            self.future = Some(future);
        }
        poll
    }
}

impl<F: Future<Output: Send> + Send> Drop for Rest<F> {
    fn drop(&mut self) {
        if let (Some(future), Some(runtime)) = (self.future.take(), self.runtime.take()) {
            // A runtime that has shut down drops the future at once. Connections of a database pool panic when they are dropped
            // outside of a runtime.
            let _context = runtime.enter();
            drop(runtime.spawn(future));
        }
    }
}
