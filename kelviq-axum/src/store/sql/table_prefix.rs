//! The names of the tables.

use crate::config_error::ConfigError;

/// The schema and the prefix of the tables, e.g. `kelviq_` or `billing.kelviq_`.
#[derive(Clone, Debug)]
pub(super) struct TablePrefix {
    schema: Option<String>,
    prefix: String,
}

impl TablePrefix {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        let (schema, prefix) = match text.split_once('.') {
            Some((schema, prefix)) => (Some(schema), prefix),
            None => (None, text),
        };
        let is_schema_valid =
            schema.is_none_or(|schema| !schema.is_empty() && is_identifier(schema));
        if !is_schema_valid || !is_identifier(prefix) {
            return Err(ConfigError::new(format!(
                "{text:?} is not a table prefix such as \"kelviq_\" or \"billing.kelviq_\": \
                 lower-case letters, digits and underscores, at most 32"
            )));
        }
        Ok(Self {
            schema: schema.map(str::to_owned),
            prefix: prefix.to_owned(),
        })
    }

    /// Parses a prefix for a database without schemas.
    #[cfg(feature = "sqlite")]
    pub(super) fn parse_without_schema(text: &str) -> Result<Self, ConfigError> {
        let prefix = Self::parse(text)?;
        match prefix.schema {
            None => Ok(prefix),
            Some(_) => Err(ConfigError::new(format!(
                "{text:?} is not a table prefix such as \"kelviq_\": SQLite has no schemas"
            ))),
        }
    }

    /// Replaces `{schema}` by the schema with a dot, `{prefix}` by the prefix, and `{channel}` by the channel.
    pub(super) fn apply(&self, sql: &str) -> String {
        let schema = self.schema.as_ref().map(|schema| format!("{schema}."));
        let schema = schema.as_deref().unwrap_or_default();
        let mut channel = [schema, &self.prefix, "handled"].concat();
        channel.truncate(MAX_CHANNEL);
        sql.replace("{schema}", schema)
            .replace("{prefix}", &self.prefix)
            .replace("{channel}", &channel)
    }
}

impl Default for TablePrefix {
    fn default() -> Self {
        Self {
            schema: None,
            prefix: "kelviq_".into(),
        }
    }
}

/// Maximum length of the name of a channel in PostgreSQL, in bytes. Listeners ignore the notifications of other stores, so
/// that names which are equal after truncation are harmless.
const MAX_CHANNEL: usize = 63;

/// Returns `true` for a name that needs no quotes. An empty prefix is allowed.
fn is_identifier(name: &str) -> bool {
    name.len() <= 32
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
