//! Handling that a client which disconnects cannot interrupt.

use std::{
    mem,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tracing::{Instrument, Span};

use super::panics::panic_message;

/// Runs the handling of an event to its end. If the returned future is dropped, the rest runs in a task of its own.
pub(super) fn run_to_end(
    span: Span,
    handling: impl Future<Output = Response> + Send + 'static,
) -> impl Future<Output = Response> + Send {
    let handling = AssertUnwindSafe(handling).catch_unwind().map(|result| {
        result.unwrap_or_else(|panic| {
            let error = panic_message(&*panic);
            tracing::error!(%error, "webhook not handled");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
    });
    Rest(Some(Box::pin(handling.instrument(span))))
}

/// A future that runs in a task of its own after this is dropped. `None` when it has ended.
struct Rest<F: Future<Output: Send> + Send + 'static>(Option<Pin<Box<F>>>);

impl<F: Future<Output: Send> + Send> Future for Rest<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(future) = &mut self.0 else {
            return Poll::Pending;
        };
        let poll = future.as_mut().poll(cx);
        if poll.is_ready() {
            self.0 = None;
        }
        poll
    }
}

impl<F: Future<Output: Send> + Send> Drop for Rest<F> {
    fn drop(&mut self) {
        let Some(future) = self.0.take() else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(future)),
            // The process is shutting down: the claims expire, and a later delivery can handle the event. The future is not
            // dropped, because connections of a database pool panic when they are dropped without a runtime.
            Err(_) => mem::forget(future),
        }
    }
}
