//! The database: SQLite or PostgreSQL, with the same SQL.

use std::{error::Error, fs, time::Duration};

use kelviq_axum::{PostgresStore, SqliteStore};
use sqlx::{ConnectOptions, Connection, postgres::PgPoolOptions};

use super::{database_url::DatabaseUrl, tables};

/// Maximum time to wait for a connection to PostgreSQL. A buyer waits for the page meanwhile.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);

/// The database of the orders, of the accounts and of Kelviq's events. Clones share the connections.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file, for one machine.
    Sqlite(SqliteStore),
    /// A server, for any number of machines.
    Postgres(PostgresStore),
}

/// Evaluates an expression with the store of either database.
macro_rules! with_store {
    ($database:expr, $store:ident => $result:expr) => {
        match $database {
            Database::Sqlite($store) => $result,
            Database::Postgres($store) => $result,
        }
    };
}
pub(super) use with_store;

/// Evaluates an expression in a transaction of either database, and commits it. A `?` in the expression rolls it back.
macro_rules! in_transaction {
    ($database:expr, $tx:ident => $result:expr) => {
        match $database {
            Database::Sqlite(store) => {
                // Takes the lock for writing at once. A transaction that reads first fails if another one commits
                // meanwhile.
                let mut $tx = store.pool().begin_with("BEGIN IMMEDIATE").await?;
                let result = $result;
                $tx.commit().await?;
                result
            }
            Database::Postgres(store) => {
                let mut $tx = store.pool().begin().await?;
                let result = $result;
                $tx.commit().await?;
                result
            }
        }
    };
}
pub(super) use in_transaction;

impl Database {
    /// Opens the database and creates the tables that do not exist yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be opened or changed.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Box<dyn Error>> {
        let database = match url {
            DatabaseUrl::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                Self::Sqlite(SqliteStore::open(path).await?)
            }
            DatabaseUrl::Postgres(options) => {
                // Without a pool, which reports a refused connection as a timeout.
                options.connect().await?.close().await?;
                let pool = PgPoolOptions::new()
                    .acquire_timeout(CONNECTION_TIMEOUT)
                    .connect_lazy_with(*options.clone());
                Self::Postgres(PostgresStore::new(pool))
            }
        };
        with_store!(&database, store => store.migrate().await?);
        database.create_tables().await?;
        Ok(database)
    }

    async fn create_tables(&self) -> Result<(), sqlx::Error> {
        // Several storefronts can start at once. In SQLite, the transaction has the lock already.
        let lock = match self {
            Self::Sqlite(_) => "SELECT 1",
            Self::Postgres(_) => "SELECT pg_advisory_xact_lock(1)",
        };
        in_transaction!(self, tx => {
            for statement in [lock].into_iter().chain(tables::STATEMENTS) {
                sqlx::query(statement).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
