//! Where the shop keeps its orders.

use std::{fmt, path::PathBuf};

use sqlx::postgres::PgConnectOptions;

/// Where the shop keeps its orders, and the events of Kelviq until they are handled.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file. It is created if it does not exist.
    Sqlite(PathBuf),
    /// A server, which several storefronts can share.
    Postgres(Box<PgConnectOptions>),
}

impl DatabaseUrl {
    /// Parses `sqlite:PATH` or `postgres://…`. Errors never contain the URL, because it can contain a password.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        match url.split_once(':') {
            Some(("sqlite", path)) => {
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() || path.starts_with(':') || path.contains('?') {
                    return Err("DATABASE_URL is invalid; expected sqlite:PATH, \
                         with the path of a file and without parameters"
                        .into());
                }
                Ok(Self::Sqlite(path.into()))
            }
            Some(("postgres" | "postgresql", _)) => match url.parse() {
                Ok(options) => Ok(Self::Postgres(Box::new(options))),
                Err(error) => Err(format!("DATABASE_URL is invalid: {error}")),
            },
            _ => Err(
                "DATABASE_URL has an unsupported scheme; expected sqlite:PATH or postgres://…, \
                 or unset it to use a file in the target folder"
                    .into(),
            ),
        }
    }
}

/// Omits the user and the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite ({})", path.display()),
            Self::Postgres(options) => {
                let (host, port) = (options.get_host(), options.get_port());
                let database = options.get_database().unwrap_or_default();
                write!(f, "PostgreSQL ({host}:{port}/{database})")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
