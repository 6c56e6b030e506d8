//! The statements of the stores.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::table_prefix::TablePrefix;

/// What differs between the databases.
#[derive(Debug)]
pub(super) struct Dialect {
    /// The current time in milliseconds. It does not change within a statement, so that indexes can be used.
    pub(super) now: &'static str,
    /// The type of a column with bytes.
    pub(super) bytes: &'static str,
    /// Appended to the selection of rows that a statement changes, so that concurrent statements choose different rows.
    pub(super) skip_locked: &'static str,
    /// Before and after the selection of the ids of rows that a statement changes. PostgreSQL would join the table with
    /// `IN (SELECT …)` by a scan.
    pub(super) in_rows: [&'static str; 2],
    /// Returns `true` if the table with the settings exists.
    pub(super) is_migrated: &'static str,
    /// Appended to the completion of an event. Notifies other processes when the transaction is committed.
    pub(super) notify: &'static str,
}

impl Dialect {
    /// Replaces the names of the fields in braces.
    pub(super) fn apply(&self, sql: &str) -> String {
        sql.replace("{now}", self.now)
            .replace("{bytes}", self.bytes)
            .replace("{skip locked}", self.skip_locked)
            .replace("{in rows}", self.in_rows[0])
            .replace("{end}", self.in_rows[1])
            .replace("{is migrated}", self.is_migrated)
            .replace("{notify}", self.notify)
    }
}

/// The version of the tables.
pub(super) const SCHEMA_VERSION: i64 = 1;

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident: $sql:literal)+) => {
        /// The statements with the names of the tables. They contain no text from outside except the prefix, which is
        /// validated.
        #[derive(Debug)]
        pub(super) struct Queries {
            $($(#[$doc])* pub(super) $name: SqlStr,)+
        }

        impl Queries {
            pub(super) fn new(dialect: &Dialect, prefix: &TablePrefix) -> Self {
                let sql = |sql: &str| AssertSqlSafe(prefix.apply(&dialect.apply(sql))).into_sql_str();
                Self { $($name: sql($sql),)+ }
            }

            /// The statements with placeholders.
            #[cfg(test)]
            pub(super) const TEMPLATES: &[(&str, &str)] = &[$((stringify!($name), $sql),)+];

            /// Returns all statements by name.
            #[cfg(test)]
            pub(super) fn all(&self) -> Vec<(&'static str, SqlStr)> {
                vec![$((stringify!($name), self.$name.clone()),)+]
            }
        }
    };
}

queries! {
    /// $1 id, $2 type, $3 session id, $4 source, $5 headers, $6 body, $7 time until due
    keep: "INSERT INTO {schema}{prefix}events
            (id, event_type, session_id, source, headers, body, received_at, due_at, token, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, {now}, {now} + $7, 0, 0)
        ON CONFLICT (id) DO NOTHING"
    /// $1 id, $2 type, $3 session id, $4 source, $5 body, $6 lease
    claim: "INSERT INTO {schema}{prefix}events AS e
            (id, event_type, session_id, source, headers, body, received_at, due_at, lease_until, token, attempts)
        VALUES ($1, $2, $3, $4, '', $5, {now}, {now} + $6, {now} + $6, 1, 1)
        ON CONFLICT (id) DO UPDATE SET
            due_at = {now} + $6, lease_until = {now} + $6, token = e.token + 1, attempts = e.attempts + 1
        WHERE e.completed_at IS NULL AND (e.lease_until IS NULL OR e.lease_until <= {now})
        RETURNING token"
    /// $1 id, $2 lease
    claim_checkout: "INSERT INTO {schema}{prefix}events AS e (id, received_at, lease_until, token, attempts)
        VALUES ($1, {now}, {now} + $2, 1, 1)
        ON CONFLICT (id) DO UPDATE SET
            lease_until = {now} + $2, token = e.token + 1, attempts = e.attempts + 1
        WHERE e.completed_at IS NULL AND (e.lease_until IS NULL OR e.lease_until <= {now})
        RETURNING token"
    /// $1 id
    state: "SELECT completed_at, COALESCE(lease_until, 0) - {now} FROM {schema}{prefix}events WHERE id = $1"
    /// $1 id, $2 token, $3 lease
    renew: "UPDATE {schema}{prefix}events SET
            due_at = CASE WHEN event_type IS NULL OR completed_at IS NOT NULL THEN NULL ELSE {now} + $3 END,
            lease_until = CASE WHEN completed_at IS NOT NULL THEN NULL ELSE {now} + $3 END
        WHERE id = $1 AND token = $2"
    /// $1 id, $2 token
    complete: "UPDATE {schema}{prefix}events SET
            due_at = NULL, lease_until = NULL, failure = NULL, failed_at = NULL,
            completed_at = COALESCE(completed_at, {now})
        WHERE id = $1 AND token = $2 {notify}"
    /// $1 id, $2 token
    release: "UPDATE {schema}{prefix}events SET
            due_at = CASE WHEN event_type IS NULL THEN NULL ELSE {now} END, lease_until = NULL, token = token + 1
        WHERE id = $1 AND token = $2 AND completed_at IS NULL"
    /// $1 id, $2 token
    attempts: "SELECT attempts FROM {schema}{prefix}events WHERE id = $1 AND token = $2 AND completed_at IS NULL"
    /// $1 id, $2 token, $3 reason, $4 time until due, or null
    fail: "UPDATE {schema}{prefix}events SET
            due_at = {now} + $4, lease_until = NULL, token = token + 1, failure = $3, failed_at = {now}
        WHERE id = $1 AND token = $2 AND completed_at IS NULL"
    /// $1 id, $2 token, $3 time until due
    postpone: "UPDATE {schema}{prefix}events SET
            due_at = {now} + $3, lease_until = NULL, token = token + 1, attempts = attempts - 1
        WHERE id = $1 AND token = $2 AND completed_at IS NULL"
    /// $1 lease
    due: "UPDATE {schema}{prefix}events SET
            due_at = {now} + $1, lease_until = {now} + $1, token = token + 1, attempts = attempts + 1
        WHERE id = (
            SELECT id FROM {schema}{prefix}events
            WHERE due_at <= {now} AND body IS NOT NULL
            ORDER BY due_at LIMIT 1 {skip locked}
        )
        RETURNING id, event_type, session_id, source, headers, body, token, attempts"
    /// $1 limit
    failed: "SELECT id, event_type, session_id, attempts, failure, received_at, failed_at, due_at
        FROM {schema}{prefix}events WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT $1"
    /// $1 id
    replay: "UPDATE {schema}{prefix}events SET due_at = {now}, attempts = 0
        WHERE id = $1 AND completed_at IS NULL AND body IS NOT NULL
            AND (lease_until IS NULL OR lease_until <= {now})"
    /// $1 age
    purge_bodies: "UPDATE {schema}{prefix}events SET body = NULL, headers = NULL WHERE id {in rows}
            SELECT id FROM {schema}{prefix}events
            WHERE completed_at < {now} - $1 AND body IS NOT NULL LIMIT 1000 {skip locked}
        {end}"
    /// $1 age
    purge_events: "DELETE FROM {schema}{prefix}events WHERE id {in rows}
            SELECT id FROM {schema}{prefix}events
            WHERE received_at < {now} - $1 AND (completed_at IS NOT NULL OR event_type IS NULL)
                AND (lease_until IS NULL OR lease_until <= {now})
            LIMIT 1000 {skip locked}
        {end}"
    /// $1 age
    purge_keys: "DELETE FROM {schema}{prefix}keys WHERE name {in rows}
            SELECT name FROM {schema}{prefix}keys WHERE created_at < {now} - $1 LIMIT 1000 {skip locked}
        {end}"
    /// $1 age
    purge_sessions: "DELETE FROM {schema}{prefix}sessions WHERE reference {in rows}
            SELECT reference FROM {schema}{prefix}sessions WHERE created_at < {now} - $1 LIMIT 1000 {skip locked}
        {end}"
    /// $1 session id, $2 id of the checkout's claim
    has_checkout: "SELECT 1 FROM {schema}{prefix}events WHERE session_id = $1
        UNION ALL SELECT 1 FROM {schema}{prefix}events WHERE id = $2 AND completed_at IS NOT NULL
        LIMIT 1"
    /// $1 reference, $2 session id
    insert_session: "INSERT INTO {schema}{prefix}sessions (reference, session_id, created_at) VALUES ($1, $2, {now})
        ON CONFLICT (reference) DO UPDATE SET session_id = $2"
    /// $1 reference
    session: "SELECT session_id FROM {schema}{prefix}sessions WHERE reference = $1"
    /// $1 key
    insert_key: "INSERT INTO {schema}{prefix}keys (name, created_at) VALUES ($1, {now}) ON CONFLICT (name) DO NOTHING"
    /// No parameters.
    is_migrated: "SELECT {is migrated}"
    /// $1 name
    setting: "SELECT value FROM {schema}{prefix}settings WHERE name = $1"
    /// $1 version of the tables
    init_settings: "INSERT INTO {schema}{prefix}settings (name, value)
        VALUES ('version', CAST($1 AS BIGINT)), ('created_at', {now}), ('reconciled_at', {now})
        ON CONFLICT (name) DO NOTHING"
    /// $1 name, $2 value
    raise_setting: "UPDATE {schema}{prefix}settings SET value = $2
        WHERE name = $1 AND (value < $2 OR value > {now})"
    /// No parameters.
    waiting: "SELECT COUNT(*), MIN(received_at), {now} FROM {schema}{prefix}events WHERE due_at IS NOT NULL"
    /// No parameters.
    dead: "SELECT COUNT(*) FROM {schema}{prefix}events WHERE failed_at IS NOT NULL AND due_at IS NULL"
}
