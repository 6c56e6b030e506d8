//! Errors of the database, as pages see them.

use std::error::Error;

use leptos::server_fn::ServerFnError;

/// Logs why the database could not be read. Returns an error without the reason, because it is sent to the browser.
pub(crate) fn database_error(error: &sqlx::Error) -> ServerFnError {
    let error = error as &dyn Error;
    tracing::error!(error, "the orders could not be read");
    ServerFnError::new("the orders could not be read")
}
