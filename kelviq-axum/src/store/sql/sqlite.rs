//! The SQLite store.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use kelviq_core::VerifiedEvent;
use sqlx::{
    AssertSqlSafe, Row, Sqlite, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};

use super::{
    migration,
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
    now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    bytes: "BLOB",
    skip_locked: "",
    in_rows: ["IN (", ")"],
    is_migrated: "EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '{prefix}settings')",
    notify: "",
};

/// Maximum time to wait for another connection that writes. Shorter than the timeout of a store operation, and longer
/// than a handler's transaction should take.
const BUSY_TIMEOUT: Duration = Duration::from_secs(12);

/// A [`Store`](crate::Store) in SQLite, for an application on one machine (feature `sqlite`).
///
/// ```no_run
/// use axum::{Router, extract::FromRef};
/// use kelviq_axum::{Event, Shop, SqliteStore, Webhooks};
/// use kelviq_core::{EventData, WebhookSecret};
/// use sqlx::SqlitePool;
///
/// async fn on_event(
///     axum::extract::State(pool): axum::extract::State<SqlitePool>,
///     event: Event,
/// ) -> Result<(), axum::http::StatusCode> {
///     let internal = |_| axum::http::StatusCode::INTERNAL_SERVER_ERROR;
///     // Takes the lock for writing at once. A deferred transaction that reads first fails if another one commits meanwhile.
///     let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(internal)?;
///     if let EventData::CheckoutCompleted(session) = &event.data {
///         sqlx::query("INSERT INTO orders (checkout) VALUES ($1)")
///             .bind(session.key())
///             .execute(&mut *tx)
///             .await
///             .map_err(internal)?;
///     }
///     event.complete(&mut tx).await.map_err(|_| axum::http::StatusCode::INTERNAL_SERVER_ERROR)?;
///     tx.commit().await.map_err(internal)
/// }
///
/// # async fn run(shop: Shop) -> Result<(), Box<dyn std::error::Error>> {
/// let store = SqliteStore::open("shop.db").await?;
/// store.migrate().await?;
/// let shop = shop.store(store.clone());
/// let webhooks = Webhooks::new(WebhookSecret::from_env()?, store.clone(), store.pool().clone(), on_event);
/// let app: Router = Router::new().route("/webhooks/kelviq", webhooks.route());
/// # Ok(())
/// # }
/// ```
///
/// SQLite has one writer at a time. A handler should therefore not keep a transaction open while it waits for something
/// else.
#[derive(Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
    pub(super) queries: Arc<Queries>,
    prefix: TablePrefix,
}

impl SqliteStore {
    /// Opens a database file, which is created if it does not exist, and sets a write-ahead log and a busy timeout of
    /// 12 s. [`pool`](Self::pool) returns the connections for the application's own tables.
    ///
    /// `path` is the path of a file, not a URL such as `sqlite:shop.db`.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened, or if the path is a URL or empty or `:memory:`.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, sqlx::Error> {
        let path = path.as_ref();
        // Each connection would have a database of its own in memory, or the file would have an unexpected name.
        let is_other = path.to_str().is_some_and(|path| {
            matches!(path, "" | ":memory:")
                || path.starts_with("file:")
                || path.starts_with("sqlite:")
        });
        if is_other {
            let problem = "open the path of a file, not a URL or a database in memory; for tests, a file in a temporary folder";
            return Err(sqlx::Error::Configuration(problem.into()));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new().connect_with(options).await?;
        Ok(Self::new(pool))
    }

    /// Creates a store with the application's connections. They should have a write-ahead log and a busy timeout, as those
    /// of [`open`](Self::open) have.
    pub fn new(pool: SqlitePool) -> Self {
        Self::with(pool, TablePrefix::default())
    }

    /// Sets the prefix of the tables, which is `kelviq_` by default.
    ///
    /// # Errors
    ///
    /// Returns an error if the prefix contains anything but lower-case letters, digits and underscores, begins with a digit,
    /// or has more than 32 characters.
    pub fn table_prefix(self, prefix: &str) -> Result<Self, ConfigError> {
        Ok(Self::with(
            self.pool,
            TablePrefix::parse_without_schema(prefix)?,
        ))
    }

    /// Returns the connections.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Creates the tables if they do not exist yet. Call this at each start, also if several processes start at once.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be changed, or if a later version of this crate has changed the tables.
    pub async fn migrate(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        self.migrate_with(&mut tx, &DIALECT).await?;
        tx.commit().await
    }

    fn with(pool: SqlitePool, prefix: TablePrefix) -> Self {
        Self {
            pool,
            queries: Arc::new(Queries::new(&DIALECT, &prefix)),
            prefix,
        }
    }
}

sql_store!(SqliteStore, Sqlite, {
    /// For one process, which notifies its own success pages.
    async fn listen(
        &self,
        completed: impl Fn(Option<&str>) + Send + Sync,
    ) -> Result<(), sqlx::Error> {
        completed(None);
        std::future::pending().await
    }
});
