//! Durable stores of events and references.

pub(crate) mod references;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod sql;
pub(crate) mod store_trait;
pub(crate) mod stored_event;
pub(crate) mod transaction;
