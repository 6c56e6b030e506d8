//! The tables.

use super::{queries::Dialect, table_prefix::TablePrefix};

/// Returns the statements that create the tables and indexes, if they do not exist.
pub(super) fn statements(dialect: &Dialect, prefix: &TablePrefix) -> Vec<String> {
    STATEMENTS
        .iter()
        .map(|sql| prefix.apply(&dialect.apply(sql)))
        .collect()
}

/// Times and durations are in milliseconds; times are since the Unix epoch.
const STATEMENTS: [&str; 12] = [
    // A row is an event, or the claim of a checkout under the id `checkout:{key}`, which has neither type nor body.
    "CREATE TABLE IF NOT EXISTS {schema}{prefix}events (
        id TEXT PRIMARY KEY,
        event_type TEXT,
        session_id TEXT,
        source TEXT,
        headers TEXT,
        body {bytes},
        received_at BIGINT NOT NULL,
        due_at BIGINT,
        lease_until BIGINT,
        token BIGINT NOT NULL,
        attempts BIGINT NOT NULL,
        failure TEXT,
        failed_at BIGINT,
        completed_at BIGINT
    )",
    "CREATE INDEX IF NOT EXISTS {prefix}events_due ON {schema}{prefix}events (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS {prefix}events_failed ON {schema}{prefix}events (failed_at) WHERE failed_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS {prefix}events_dead ON {schema}{prefix}events (failed_at) WHERE failed_at IS NOT NULL AND due_at IS NULL",
    "CREATE INDEX IF NOT EXISTS {prefix}events_session ON {schema}{prefix}events (session_id) WHERE session_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS {prefix}events_body ON {schema}{prefix}events (completed_at) WHERE body IS NOT NULL AND completed_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS {prefix}events_received ON {schema}{prefix}events (received_at)",
    "CREATE TABLE IF NOT EXISTS {schema}{prefix}keys (name TEXT PRIMARY KEY, created_at BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS {prefix}keys_created ON {schema}{prefix}keys (created_at)",
    "CREATE TABLE IF NOT EXISTS {schema}{prefix}sessions (
        reference TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS {prefix}sessions_created ON {schema}{prefix}sessions (created_at)",
    "CREATE TABLE IF NOT EXISTS {schema}{prefix}settings (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::queries::Queries;

    #[test]
    fn the_documented_sql_is_that_of_the_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/stores.md");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let document = words(&std::fs::read_to_string(path).unwrap());
        let tables = STATEMENTS.iter().map(|sql| ("a table or index", *sql));
        for (name, sql) in tables.chain(Queries::TEMPLATES.iter().copied()) {
            let sql = format!("{};", words(&TablePrefix::default().apply(sql)));
            assert!(
                document.contains(&sql),
                "docs/stores.md: {name} should be:\n{sql}"
            );
        }
    }
}
