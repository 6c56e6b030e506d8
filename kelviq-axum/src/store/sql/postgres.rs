//! The PostgreSQL store.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use kelviq_core::VerifiedEvent;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row};

use super::{
    migration,
    postgres_listener::listen,
    queries::{Dialect, Queries, SCHEMA_VERSION},
    sql_store::{CREATED_AT, RECONCILED_AT, VERSION, saturating_u32, sql_store},
    table_prefix::TablePrefix,
    time::{from_ms, from_unix_ms, to_ms, to_unix_ms},
};
use crate::{
    config_error::ConfigError,
    store::stored_event::{DueEvent, FailedEvent, StoreStatus, StoredEvent},
    webhook::inbox::{Claim, ClaimToken, Inbox},
};

const DIALECT: Dialect = Dialect {
    now: "(EXTRACT(EPOCH FROM now()) * 1000)::bigint",
    bytes: "BYTEA",
    skip_locked: "FOR UPDATE SKIP LOCKED",
    in_rows: ["= ANY (ARRAY(", "))"],
    is_migrated: "to_regclass('{schema}{prefix}settings') IS NOT NULL",
    // Only a `checkout.completed` has a session id.
    notify: "RETURNING CASE WHEN session_id IS NOT NULL THEN pg_notify('{channel}', session_id) END",
};

/// Key of the advisory lock under which the tables are created. `CREATE TABLE IF NOT EXISTS` can fail if two sessions run it
/// at once.
const MIGRATION_LOCK: i64 = 0x6b65_6c76_6971;

/// A [`Store`](crate::Store) in PostgreSQL, for an application with any number of replicas (feature `postgres`).
///
/// Leases and pauses are measured with the clock of the database.
///
/// ```no_run
/// use kelviq_axum::{PostgresStore, Shop};
/// use sqlx::PgPool;
///
/// # async fn run(shop: Shop) -> Result<(), Box<dyn std::error::Error>> {
/// let pool = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
/// let store = PostgresStore::new(pool);
/// store.migrate().await?;
/// let shop = shop.store(store.clone());
/// # Ok(())
/// # }
/// ```
///
/// The connection's user needs the right to create tables for the first [`migrate`](Self::migrate) only. TLS is a feature of `sqlx` in
/// the application's own `Cargo.toml`, e.g. `tls-rustls`.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    pub(super) queries: Arc<Queries>,
    prefix: TablePrefix,
}

impl PostgresStore {
    /// Creates a store with the application's connections.
    pub fn new(pool: PgPool) -> Self {
        Self::with(pool, TablePrefix::default())
    }

    /// Sets the prefix of the tables, which is `kelviq_` by default, or a schema with a prefix, e.g. `billing.kelviq_`. The
    /// schema must exist.
    ///
    /// # Errors
    ///
    /// Returns an error if a name contains anything but lower-case letters, digits and underscores, begins with a digit,
    /// or has more than 32 characters.
    pub fn table_prefix(self, prefix: &str) -> Result<Self, ConfigError> {
        Ok(Self::with(self.pool, TablePrefix::parse(prefix)?))
    }

    /// Returns the connections.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Creates the tables if they do not exist yet. Call this at each start, also if several replicas start at once: they wait
    /// for each other. If the tables exist, they are not locked, and the right to create tables is not needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be changed, or if a later version of this crate has changed the tables.
    pub async fn migrate(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MIGRATION_LOCK)
            .execute(&mut *tx)
            .await?;
        self.migrate_with(&mut tx, &DIALECT).await?;
        tx.commit().await
    }

    fn with(pool: PgPool, prefix: TablePrefix) -> Self {
        Self {
            pool,
            queries: Arc::new(Queries::new(&DIALECT, &prefix)),
            prefix,
        }
    }
}

sql_store!(PostgresStore, Postgres, {
    async fn listen(
        &self,
        completed: impl Fn(Option<&str>) + Send + Sync,
    ) -> Result<(), sqlx::Error> {
        listen(&self.pool, &self.prefix.apply("{channel}"), completed).await
    }
});
