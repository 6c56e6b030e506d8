//! Handling that neither a client which disconnects nor a panic interrupts.

use std::panic::AssertUnwindSafe;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tracing::Span;

use crate::{panics::panic_message, run_to_end::run_to_end};

/// Runs the handling of an event to its end, as [`run_to_end`] does. A panic is logged and becomes a response.
pub(super) fn handle_to_end(
    span: Span,
    handling: impl Future<Output = Response> + Send + 'static,
) -> impl Future<Output = Response> + Send {
    let handling = AssertUnwindSafe(handling).catch_unwind().map(|result| {
        result.unwrap_or_else(|panic| {
            let error = panic_message(&*panic);
            tracing::error!(error, "webhook not handled");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
    });
    run_to_end(span, handling)
}
