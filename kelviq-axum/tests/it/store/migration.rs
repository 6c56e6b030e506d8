//! Creating the tables.

use futures_util::future::join_all;
use kelviq_axum::{Inbox, PostgresStore, SqliteStore, Store};
use sqlx::{
    AssertSqlSafe, Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::support::{InPostgres, InSqlite};

/// Number of processes that start at once.
const STARTS: usize = 20;

/// Uses each table once.
async fn assert_usable<S: Store>(store: &S) {
    assert_eq!(store.status().await.unwrap().waiting, 0);
    assert_eq!(
        store.created_at().await.unwrap(),
        store.reconciled_at().await.unwrap()
    );
    store.insert_reference("ref_1", "cs_1").await.unwrap();
    let session_id = store.session_id("ref_1").await.unwrap();
    assert_eq!(session_id.as_deref(), Some("cs_1"));
    assert!(!store.replay("evt_1").await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_processes_can_create_the_tables_in_sqlite_at_once() {
    let sqlite = InSqlite::new();
    let starts = (0..STARTS).map(async |_| {
        let store = sqlite.open(0).await;
        store.migrate().await.unwrap();
        store
    });
    for store in join_all(starts).await {
        assert_usable(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_replicas_can_create_the_tables_in_postgres_at_once() {
    let Some(postgres) = InPostgres::new("migrate") else {
        return;
    };
    let (store, _) = postgres.create_schema().await;
    let starts: Vec<_> = (0..STARTS)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.migrate().await })
        })
        .collect();
    for start in join_all(starts).await {
        start.unwrap().unwrap();
    }
    assert_usable(&store).await;
}

#[tokio::test]
async fn stores_with_different_prefixes_are_separate_in_sqlite() {
    let sqlite = InSqlite::new();
    let open = async |prefix: &str| {
        let store = sqlite.open(0).await.table_prefix(prefix).unwrap();
        store.migrate().await.unwrap();
        store
    };
    for prefix in ["kelviq_", "shop_2_", ""] {
        assert_usable(&open(prefix).await).await;
    }
    let tables = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('shop_2_events', 'events')";
    let tables: i64 = sqlx::query_scalar(tables)
        .fetch_one(open("shop_2_").await.pool())
        .await
        .unwrap();
    assert_eq!(tables, 2);
}

#[tokio::test]
async fn stores_with_different_schemas_and_prefixes_are_separate_in_postgres() {
    let Some(postgres) = InPostgres::new("prefix") else {
        return;
    };
    let (first, first_schema) = postgres.create_schema().await;
    let (_, second_schema) = postgres.create_schema().await;
    for prefix in [
        format!("{second_schema}.kelviq_"),
        format!("{second_schema}.shop_2_"),
        format!("{first_schema}.kelviq_"),
        "shop_2_".to_owned(),
    ] {
        let store = first.clone().table_prefix(&prefix).unwrap();
        store.migrate().await.unwrap();
        assert_usable(&store).await;
        store.migrate().await.unwrap();
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT schemaname || '.' || tablename FROM pg_tables
        WHERE schemaname IN ($1, $2) AND tablename LIKE '%events' ORDER BY 1",
    )
    .bind(&first_schema)
    .bind(&second_schema)
    .fetch_all(first.pool())
    .await
    .unwrap();
    let expected = [&first_schema, &second_schema].map(|schema| {
        [
            format!("{schema}.kelviq_events"),
            format!("{schema}.shop_2_events"),
        ]
    });
    assert_eq!(tables, expected.concat());
}

#[tokio::test]
async fn a_prefix_that_is_not_a_plain_name_is_rejected() {
    let pool = PgPool::connect_lazy("postgres://127.0.0.1:1/x").unwrap();
    let folder = InSqlite::new();
    let sqlite = folder.open(0).await;
    for prefix in [
        "Kelviq_",
        "a b",
        "a\"",
        "a;b",
        "1a",
        ".a_",
        "a.b.c",
        "ä",
        &"a".repeat(33),
    ] {
        let postgres = PostgresStore::new(pool.clone()).table_prefix(prefix);
        let error = postgres.unwrap_err().to_string();
        assert!(error.contains("is not a table prefix"), "{error}");
        assert!(sqlite.clone().table_prefix(prefix).is_err(), "{prefix}");
    }
    let error = sqlite.table_prefix("main.kelviq_").unwrap_err().to_string();
    assert!(error.contains("SQLite has no schemas"), "{error}");
}

fn assert_is_refused(migrated: Result<(), sqlx::Error>) {
    let error = migrated.unwrap_err().to_string();
    assert!(error.contains("the tables have version 2"), "{error}");
    assert!(error.contains("update the application"), "{error}");
}

#[tokio::test]
async fn tables_of_a_later_version_are_refused() {
    const UPDATE: &str = "UPDATE kelviq_settings SET value = value + 1 WHERE name = 'version'";
    // A statement that creates an index would fail.
    const CHANGE: &str = "ALTER TABLE kelviq_keys RENAME COLUMN created_at TO inserted_at";
    let folder = InSqlite::new();
    let sqlite = folder.open(0).await;
    sqlite.migrate().await.unwrap();
    for statement in [UPDATE, CHANGE] {
        sqlite.pool().execute(statement).await.unwrap();
    }
    assert_is_refused(sqlite.migrate().await);
    if let Some(postgres) = InPostgres::new("version") {
        let (store, _) = postgres.create_schema().await;
        store.migrate().await.unwrap();
        for statement in [UPDATE, CHANGE] {
            store.pool().execute(statement).await.unwrap();
        }
        assert_is_refused(store.migrate().await);
    }
}

#[tokio::test]
async fn the_right_to_create_tables_is_needed_only_once() {
    let Some(postgres) = InPostgres::new("rights") else {
        return;
    };
    let (store, schema) = postgres.create_schema().await;
    store.migrate().await.unwrap();
    let role = format!("{schema}_role");
    for statement in [
        format!("CREATE ROLE {role}"),
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"),
    ] {
        store
            .pool()
            .execute(AssertSqlSafe(statement))
            .await
            .unwrap();
    }
    let options: PgConnectOptions = (*store.pool().connect_options()).clone();
    let options = options.options([("role", &role)]);
    let pool = PgPoolOptions::new().connect_with(options).await.unwrap();
    let restricted = PostgresStore::new(pool);
    restricted.migrate().await.unwrap();
    assert_usable(&restricted).await;
    let other = restricted.table_prefix("other_").unwrap();
    assert!(other.migrate().await.is_err());
}

#[tokio::test]
async fn a_migration_does_not_wait_for_a_handler_that_writes() {
    let Some(postgres) = InPostgres::new("locks") else {
        return;
    };
    let (store, _) = postgres.create_schema().await;
    store.migrate().await.unwrap();
    let mut tx = store.pool().begin().await.unwrap();
    tx.execute("LOCK TABLE kelviq_events IN ROW EXCLUSIVE MODE")
        .await
        .unwrap();
    store.migrate().await.unwrap();
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn an_opened_database_has_a_write_ahead_log_and_a_busy_timeout() {
    let sqlite = InSqlite::new();
    let store = sqlite.open(0).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(store.pool())
        .await
        .unwrap();
    let timeout: i64 = sqlx::query_scalar("PRAGMA busy_timeout")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!((&*mode, timeout), ("wal", 12_000));
    assert!(timeout.unsigned_abs() < (SqliteStore::LEASE / 3).as_millis().try_into().unwrap());
}
