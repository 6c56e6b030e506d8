//! Errors of server functions.

use std::error::Error;

use leptos::server_fn::ServerFnError;

/// Logs why a server function failed. Returns an error with the message alone, because it is sent to the browser.
pub(crate) fn server_error(message: &'static str, error: &(dyn Error + 'static)) -> ServerFnError {
    tracing::error!(error, "{message}");
    ServerFnError::new(message)
}
