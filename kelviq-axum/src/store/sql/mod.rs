//! Stores in SQL databases, through sqlx.

mod migration;
#[cfg(test)]
mod plans;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "postgres")]
mod postgres_listener;
mod queries;
mod sql_store;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod table_prefix;
mod time;
