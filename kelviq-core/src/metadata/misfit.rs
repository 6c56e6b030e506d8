//! What was expected and what kind of value was found, in words.

use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

/// Why a value did not fit; nothing of the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfit {
    pub(super) expected: Option<String>,
    pub(super) found: Option<&'static str>,
    /// Where in a nested value: `address.zip`, `[2]`.
    pub(super) path: Option<String>,
}

impl Misfit {
    pub(super) fn one_of(names: &[&str]) -> Self {
        let expected = match names {
            [] => "nothing".to_owned(),
            [name] => format!("`{name}`"),
            names => format!("one of `{}`", names.join("`, `")),
        };
        Self {
            expected: Some(expected),
            ..Self::default()
        }
    }

    /// The same, where a name was found that is none of them.
    pub(super) fn but_another(mut self) -> Self {
        self.found = Some("another string");
        self
    }

    /// The same, found under `outer`.
    pub(super) fn inside(mut self, outer: &str) -> Self {
        self.path = Some(match self.path {
            Some(inner) if inner.starts_with('[') => format!("{outer}{inner}"),
            Some(inner) => format!("{outer}.{inner}"),
            None => outer.to_owned(),
        });
        self
    }

    fn new(expected: String, found: &'static str) -> Self {
        Self {
            expected: Some(expected),
            found: Some(found),
            path: None,
        }
    }
}

impl Error for Misfit {
    /// The message may quote the value.
    fn custom<T: Display>(_: T) -> Self {
        Self::default()
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number",
            // What is beyond 64 bits arrives here, too.
            Unexpected::Float(number) if number.abs() >= 18_446_744_073_709_551_616.0 => {
                "a number that does not fit"
            }
            Unexpected::Float(_) => "a floating point number",
            Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::UnitVariant => "a string",
            Unexpected::Unit | Unexpected::Option => "null",
            Unexpected::Seq => "an array",
            _ => "an object",
        };
        Self::new(expected.to_string(), found)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => {
                "a number that does not fit"
            }
            Unexpected::Char(_) | Unexpected::Str(_) => "a string that does not fit",
            _ => "a value that does not fit",
        };
        Self::new(expected.to_string(), found)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new(expected.to_string(), "another length")
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::one_of(expected).but_another()
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        let expected = format!("only the keys `{}`", expected.join("`, `"));
        Self::new(expected, "another key")
    }

    fn missing_field(field: &'static str) -> Self {
        let expected = format!("an object with the key `{field}`");
        Self::new(expected, "an object without it")
    }

    fn duplicate_field(field: &'static str) -> Self {
        let expected = format!("an object with the key `{field}` once");
        Self::new(expected, "an object that has it twice")
    }
}

impl Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected.as_deref().unwrap_or("another value"))
    }
}

impl std::error::Error for Misfit {}
