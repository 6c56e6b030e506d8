//! Databases for tests.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use kelviq_axum::{
    MemoryInbox, PostgresStore, SqliteStore,
    contract::{Harness, TransactionHarness},
};
use sqlx::{
    AssertSqlSafe, Postgres, Sqlite, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tempfile::TempDir;

/// The variable with the URL of a PostgreSQL database for tests. `.ci/postgres` sets it.
pub(super) const DATABASE_URL: &str = "KELVIQ_TEST_DATABASE_URL";

/// The variable that makes tests thorough rather than fast: a handler keeps its transaction open for 10 s. `.ci/run` sets it.
const LONG: &str = "KELVIQ_TEST_LONG";

/// Inboxes in memory, under tokio's paused clock.
pub(super) struct InMemory;

impl Harness for InMemory {
    type Inbox = MemoryInbox;

    async fn create(&self) -> MemoryInbox {
        MemoryInbox::default()
    }

    async fn advance(&self, _: &MemoryInbox, by: Duration) {
        tokio::time::advance(by).await;
    }
}

/// Stores in files of a temporary folder.
pub(super) struct InSqlite {
    folder: TempDir,
    created: AtomicUsize,
}

impl InSqlite {
    pub(super) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            created: AtomicUsize::new(0),
        }
    }

    /// Opens the database of a number, without creating the tables.
    pub(super) async fn open(&self, number: usize) -> SqliteStore {
        let path = self.folder.path().join(format!("{number}.db"));
        SqliteStore::open(path).await.unwrap()
    }
}

impl Harness for InSqlite {
    type Inbox = SqliteStore;

    async fn create(&self) -> SqliteStore {
        let store = self
            .open(self.created.fetch_add(1, Ordering::Relaxed))
            .await;
        store.migrate().await.unwrap();
        store
    }

    async fn advance(&self, store: &SqliteStore, by: Duration) {
        for statement in shift(-ms(by)) {
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(store.pool()).await.unwrap();
        }
    }

    async fn set_back(&self, store: &SqliteStore, by: Duration) -> bool {
        for statement in shift(ms(by)) {
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(store.pool()).await.unwrap();
        }
        true
    }
}

impl TransactionHarness for InSqlite {
    type Transaction = Transaction<'static, Sqlite>;

    async fn begin(&self, store: &SqliteStore) -> Self::Transaction {
        store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap()
    }

    async fn commit(&self, tx: Self::Transaction) {
        tx.commit().await.unwrap();
    }

    fn transaction_time(&self) -> Duration {
        transaction_time()
    }
}

/// Stores in PostgreSQL, each with a schema of its own.
pub(super) struct InPostgres {
    options: PgConnectOptions,
    name: String,
    created: AtomicUsize,
}

impl InPostgres {
    /// Uses the database of `KELVIQ_TEST_DATABASE_URL`. `None` if it is not set. The names of the schemas begin with `name`.
    pub(super) fn new(name: &str) -> Option<Self> {
        let url = std::env::var(DATABASE_URL).ok()?;
        Some(Self {
            options: url.parse().unwrap(),
            name: format!("{name}_{}", std::process::id()),
            created: AtomicUsize::new(0),
        })
    }

    /// Creates a schema, and returns a store without tables that uses it by default.
    pub(super) async fn create_schema(&self) -> (PostgresStore, String) {
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        let schema = format!("{}_{number}", self.name);
        let store = self.connect(&schema).await;
        let create = sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}")));
        create.execute(store.pool()).await.unwrap();
        (store, schema)
    }

    /// Returns a store with connections of its own that uses a schema by default.
    pub(super) async fn connect(&self, schema: &str) -> PostgresStore {
        let options = self
            .options
            .clone()
            .application_name(&self.name)
            .options([("search_path", schema)]);
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(10));
        let pool = match pool.connect_with(options).await {
            Ok(pool) => pool,
            Err(error) => {
                panic!("{DATABASE_URL} is set, but the database cannot be reached: {error}")
            }
        };
        PostgresStore::new(pool)
    }

    /// Returns the name by which the database knows the connections.
    pub(super) fn application_name(&self) -> &str {
        &self.name
    }
}

impl Harness for InPostgres {
    type Inbox = PostgresStore;

    async fn create(&self) -> PostgresStore {
        let (store, _) = self.create_schema().await;
        store.migrate().await.unwrap();
        store
    }

    async fn advance(&self, store: &PostgresStore, by: Duration) {
        for statement in shift(-ms(by)) {
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(store.pool()).await.unwrap();
        }
    }

    async fn set_back(&self, store: &PostgresStore, by: Duration) -> bool {
        for statement in shift(ms(by)) {
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(store.pool()).await.unwrap();
        }
        true
    }
}

impl TransactionHarness for InPostgres {
    type Transaction = Transaction<'static, Postgres>;

    async fn begin(&self, store: &PostgresStore) -> Self::Transaction {
        store.pool().begin().await.unwrap()
    }

    async fn commit(&self, tx: Self::Transaction) {
        tx.commit().await.unwrap();
    }

    fn transaction_time(&self) -> Duration {
        transaction_time()
    }
}

/// Returns statements that shift all times of a store, so that its clock seems to be shifted the other way.
fn shift(ms: i64) -> Vec<String> {
    let tables = [
        (
            "kelviq_events",
            &[
                "received_at",
                "due_at",
                "lease_until",
                "failed_at",
                "completed_at",
            ][..],
        ),
        ("kelviq_keys", &["created_at"]),
        ("kelviq_sessions", &["created_at"]),
    ];
    tables
        .map(|(table, columns)| {
            let columns = columns
                .iter()
                .map(|column| format!("{column} = {column} + ({ms})"));
            format!(
                "UPDATE {table} SET {}",
                columns.collect::<Vec<_>>().join(", ")
            )
        })
        .into()
}

fn ms(duration: Duration) -> i64 {
    duration.as_millis().try_into().unwrap()
}

/// The time for which one handler keeps its transaction open.
fn transaction_time() -> Duration {
    if std::env::var_os(LONG).is_some() {
        Duration::from_secs(10)
    } else {
        Duration::from_millis(300)
    }
}
