//! The customer portal: its API, and its page.

pub(super) mod page;
pub(super) mod routes;
pub(super) mod session;
