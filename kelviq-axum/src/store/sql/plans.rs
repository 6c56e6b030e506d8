//! Tests of the query plans on large tables.

use sqlx::{AssertSqlSafe, Executor, Row};

use super::queries::Queries;

/// Number of events. A million takes about half a minute, so it is for CI.
fn rows(default: u64) -> u64 {
    match std::env::var_os("KELVIQ_TEST_LONG") {
        Some(_) => 1_000_000,
        None => default,
    }
}

/// Returns statements that fill the tables with `rows` events of 40 days. Most are completed, and some wait, failed or are
/// dead. `series` is a table expression with the numbers in the column `n`.
fn fill(series: &str, rows: u64, now: &str, bytes: &str) -> [String; 3] {
    let time = format!("{now} - (n % 3456000) * 1000");
    [
        format!(
            "INSERT INTO kelviq_events (id, event_type, session_id, source, headers, body, received_at, due_at,
                lease_until, token, attempts, failure, failed_at, completed_at)
            SELECT 'evt_' || n, 'checkout.completed', 'cs_' || n, 'delivery', '',
                CASE WHEN n % 5 = 0 THEN {bytes} END, {time},
                CASE WHEN n % 5000 < 10 THEN {time} END, NULL, 1, 1, NULL,
                CASE WHEN n % 5000 < 20 THEN {time} END,
                CASE WHEN n % 5000 >= 20 THEN {time} END
            FROM {series} WHERE n <= {rows}"
        ),
        format!(
            "INSERT INTO kelviq_keys SELECT 'key_' || n, {time} FROM {series} WHERE n <= {rows}"
        ),
        format!(
            "INSERT INTO kelviq_sessions SELECT 'ref_' || n, 'cs_' || n, {time} FROM {series} WHERE n <= {rows}"
        ),
    ]
}

/// The indexes with few rows: events that wait, failed or are dead.
fn is_small(line: &str) -> bool {
    ["events_due", "events_failed", "events_dead"]
        .iter()
        .any(|index| line.contains(index))
}

fn statements(queries: &Queries) -> impl Iterator<Item = (&'static str, String)> {
    let statements = queries.all().into_iter();
    statements.map(|(name, sql)| (name, sql.as_str().to_owned()))
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_scans_no_table() {
    use super::sqlite::SqliteStore;

    let folder = tempfile::TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("plans.db"))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    let rows = rows(5_000);
    let series = format!(
        "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) SELECT n FROM s)"
    );
    let now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    for statement in fill(&series, rows, now, "x'7b7d'") {
        store
            .pool()
            .execute(sqlx::raw_sql(AssertSqlSafe(statement)))
            .await
            .unwrap();
    }
    for statistics in [false, true] {
        if statistics {
            store.pool().execute("ANALYZE").await.unwrap();
        }
        for (name, sql) in statements(&store.queries) {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let plan = store
                .pool()
                .fetch_all(sqlx::raw_sql(explain))
                .await
                .unwrap();
            for step in plan {
                let step: String = step.get("detail");
                let is_scan = step.starts_with("SCAN")
                    && !step.contains("CONSTANT ROW")
                    && step != "SCAN sqlite_schema"
                    && !is_small(&step);
                assert!(
                    !is_scan,
                    "{name} scans a table or an index (with statistics: {statistics}): {step}\n{sql}"
                );
            }
        }
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres_scans_no_table() {
    use super::postgres::PostgresStore;
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

    let Ok(url) = std::env::var("KELVIQ_TEST_DATABASE_URL") else {
        return;
    };
    let schema = format!("plans_{}", std::process::id());
    let options: PgConnectOptions = url.parse().unwrap();
    let options = options.options([("search_path", &schema)]);
    // One connection, because prepared statements belong to a connection.
    let pool = PgPoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await.unwrap();
    let run = async |sql: String| {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        pool.fetch_all(sql).await.unwrap()
    };
    run(format!("CREATE SCHEMA {schema}")).await;
    let store = PostgresStore::new(pool.clone());
    store.migrate().await.unwrap();
    let rows = rows(100_000);
    let series = format!("(SELECT generate_series(1, {rows}) AS n) AS series");
    let now = "(EXTRACT(EPOCH FROM now()) * 1000)::bigint";
    for statement in fill(&series, rows, now, "'{}'::bytea") {
        run(statement).await;
    }
    run("ANALYZE".into()).await;
    for (name, sql) in statements(&store.queries) {
        run(format!("PREPARE {name} AS {sql}")).await;
        let types: Vec<String> = sqlx::query_scalar(
            "SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = $1",
        )
        .bind(name)
        .fetch_all(&pool)
        .await
        .unwrap();
        let values = types.iter().map(|parameter| match &**parameter {
            // 35 days, the longest age.
            "bigint" => "3024000000",
            "bytea" => "'{}'",
            _ => "'evt_1'",
        });
        let values = values.collect::<Vec<_>>().join(", ");
        for mode in ["force_generic_plan", "force_custom_plan"] {
            run(format!("SET plan_cache_mode = {mode}")).await;
            let arguments = if values.is_empty() {
                String::new()
            } else {
                format!("({values})")
            };
            let plan = run(format!("EXPLAIN EXECUTE {name}{arguments}")).await;
            let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
            for (number, line) in plan.iter().enumerate() {
                // The settings are three rows.
                let is_table_scan =
                    line.contains("Seq Scan on") && !line.contains("kelviq_settings");
                let has_condition = plan[number..]
                    .iter()
                    .take(2)
                    .any(|line| line.contains("Index Cond"));
                let is_index_scan =
                    line.contains("Index") && line.contains("Scan") && !has_condition;
                assert!(
                    !is_table_scan && (!is_index_scan || is_small(line)),
                    "{name} scans a table or an index with {mode}: {line}\n{}",
                    plan.join("\n")
                );
            }
        }
    }
    run(format!("DROP SCHEMA {schema} CASCADE")).await;
}
