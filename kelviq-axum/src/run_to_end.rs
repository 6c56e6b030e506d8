//! Futures that a client which disconnects cannot interrupt.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::runtime::Handle;
use tracing::{Instrument, Span};

/// Runs a future to its end, in this span. If the returned future is dropped, the rest runs in a task of its own.
pub(crate) fn run_to_end<T: Send>(
    span: Span,
    future: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send {
    Rest(Some(Box::pin(future.instrument(span))))
}

/// A future that runs in a task of its own after this is dropped. `None` when it has ended, also by a panic.
struct Rest<F: Future<Output: Send> + Send + 'static>(Option<Pin<Box<F>>>);

impl<F: Future<Output: Send> + Send> Future for Rest<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(mut future) = self.0.take() else {
            return Poll::Pending;
        };
        let poll = future.as_mut().poll(cx);
        if poll.is_pending() {
            self.0 = Some(future);
        }
        poll
    }
}

impl<F: Future<Output: Send> + Send> Drop for Rest<F> {
    fn drop(&mut self) {
        let Some(future) = self.0.take() else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(future)),
            // The process is shutting down: what the future has claimed expires, or ends with the process. The future is not
            // dropped, because connections of a database pool panic when they are dropped without a runtime.
            Err(_) => mem::forget(future),
        }
    }
}
