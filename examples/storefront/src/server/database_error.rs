//! Errors of the database, as pages see them.

use leptos::server_fn::ServerFnError;

use super::server_error::server_error;

/// Logs why the orders could not be read. Returns an error without the reason, because it is sent to the browser.
pub(crate) fn database_error(error: &sqlx::Error) -> ServerFnError {
    server_error("the orders could not be read", error)
}
