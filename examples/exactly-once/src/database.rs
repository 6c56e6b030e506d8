//! The databases of the application.

use std::{collections::HashSet, time::Duration};

use exactly_once::BoxError;
use kelviq_axum::{PostgresStore, SqliteStore, Store, StoreTransaction};
use sqlx::{AssertSqlSafe, postgres::PgPoolOptions};

use crate::effect::{Effect, Handler};

/// A store whose database also contains the effects, in a table without a unique constraint.
pub(crate) trait Database: Store<Error = sqlx::Error> {
    type Transaction: StoreTransaction<Store = Self> + Send + 'static;

    /// Opens the tables of a handler, which are created if they do not exist.
    fn open(url: &str, handler: Handler) -> impl Future<Output = Result<Self, BoxError>> + Send;

    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, sqlx::Error>> + Send;

    fn insert(
        transaction: &mut Self::Transaction,
        handler: Handler,
        effect: &Effect,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    fn commit(
        transaction: Self::Transaction,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    fn effects(
        &self,
        handler: Handler,
    ) -> impl Future<Output = Result<Vec<Effect>, sqlx::Error>> + Send;

    /// Returns the ids of the events in the store.
    fn stored_events(
        &self,
        handler: Handler,
    ) -> impl Future<Output = Result<HashSet<String>, sqlx::Error>> + Send;
}

macro_rules! database {
    ($store:ident, $database:ty, $begin:literal, $connect:expr) => {
        impl Database for $store {
            type Transaction = sqlx::Transaction<'static, $database>;

            async fn open(url: &str, handler: Handler) -> Result<Self, BoxError> {
                let prefix = handler.prefix();
                let store = $connect(url).await?.table_prefix(prefix)?;
                store.migrate().await?;
                let sql = format!(
                    "CREATE TABLE IF NOT EXISTS {prefix}effects (effect_key TEXT NOT NULL, order_ref TEXT NOT NULL)"
                );
                sqlx::query(AssertSqlSafe(sql)).execute(store.pool()).await?;
                Ok(store)
            }

            async fn begin(&self) -> Result<Self::Transaction, sqlx::Error> {
                self.pool().begin_with($begin).await
            }

            async fn insert(
                transaction: &mut Self::Transaction,
                handler: Handler,
                effect: &Effect,
            ) -> Result<(), sqlx::Error> {
                let prefix = handler.prefix();
                let sql = format!("INSERT INTO {prefix}effects (effect_key, order_ref) VALUES ($1, $2)");
                let query = sqlx::query(AssertSqlSafe(sql)).bind(&effect.key).bind(&effect.order_ref);
                query.execute(&mut **transaction).await?;
                Ok(())
            }

            async fn commit(transaction: Self::Transaction) -> Result<(), sqlx::Error> {
                transaction.commit().await
            }

            async fn effects(&self, handler: Handler) -> Result<Vec<Effect>, sqlx::Error> {
                let sql = format!("SELECT effect_key, order_ref FROM {}effects", handler.prefix());
                let rows: Vec<(String, String)> =
                    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(self.pool()).await?;
                Ok(rows.into_iter().map(|(key, order_ref)| Effect { key, order_ref }).collect())
            }

            async fn stored_events(&self, handler: Handler) -> Result<HashSet<String>, sqlx::Error> {
                let sql = format!("SELECT id FROM {}events", handler.prefix());
                let ids: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(self.pool()).await?;
                Ok(ids.into_iter().collect())
            }
        }
    };
}

database!(PostgresStore, sqlx::Postgres, "BEGIN", connect_postgres);
database!(
    SqliteStore,
    sqlx::Sqlite,
    "BEGIN IMMEDIATE",
    SqliteStore::open
);

async fn connect_postgres(url: &str) -> Result<PostgresStore, sqlx::Error> {
    // Less than the time after which the route gives up, so that an outage of the database becomes visible early.
    let options = PgPoolOptions::new()
        .max_connections(12)
        .acquire_timeout(Duration::from_secs(3));
    Ok(PostgresStore::new(options.connect(url).await?))
}
