//! A schema in the PostgreSQL that is provided for tests.

use std::env;

use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

/// A schema of one test. It is removed by [`drop`](Self::drop).
pub(crate) struct Schema {
    server: PgConnectOptions,
    name: String,
}

impl Schema {
    /// Creates an empty schema. `None` if `KELVIQ_TEST_DATABASE_URL` is not set.
    pub(crate) async fn create(test: &str) -> Option<Self> {
        let url = env::var("KELVIQ_TEST_DATABASE_URL").ok()?;
        let schema = Self {
            server: url.parse().unwrap(),
            name: format!("storefront_{test}_{}", std::process::id()),
        };
        schema.execute("CREATE SCHEMA").await;
        Some(schema)
    }

    /// Returns options whose connections use this schema.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.server.clone().options([("search_path", &self.name)])
    }

    pub(crate) async fn drop(self) {
        self.execute("DROP SCHEMA").await;
    }

    async fn execute(&self, command: &str) {
        let mut server = PgConnection::connect_with(&self.server).await.unwrap();
        let cascade = if command.starts_with("DROP") {
            "CASCADE"
        } else {
            ""
        };
        let statement = format!("{command} {} {cascade}", self.name);
        let statement = sqlx::query(AssertSqlSafe(statement));
        statement.execute(&mut server).await.unwrap();
    }
}
