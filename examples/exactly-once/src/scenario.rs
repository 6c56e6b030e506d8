//! The scenarios.

use std::fmt;

/// The databases with the number of processes, and what happens to them.
#[derive(Clone, Copy)]
pub(crate) enum Scenario {
    PostgresWithKills,
    SqliteWithKills,
    PostgresOutage,
}

impl Scenario {
    pub(crate) fn processes(self) -> usize {
        match self {
            Self::SqliteWithKills => 1,
            Self::PostgresWithKills | Self::PostgresOutage => 2,
        }
    }

    /// Returns the name of what happens to the processes or the database.
    pub(crate) fn disruption(self) -> &'static str {
        match self {
            Self::PostgresWithKills | Self::SqliteWithKills => "kills and restarts",
            Self::PostgresOutage => "database outages",
        }
    }

    pub(crate) fn is_outage(self) -> bool {
        matches!(self, Self::PostgresOutage)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PostgresWithKills => "two processes on one PostgreSQL, killed in turn",
            Self::SqliteWithKills => "one process with SQLite, killed",
            Self::PostgresOutage => "two processes on one PostgreSQL, which is stopped",
        })
    }
}
