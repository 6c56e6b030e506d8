//! What was expected and what kind of value was found, in words.

use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

use super::kind::Kind;

/// Why a value did not fit; nothing of the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfit {
    pub(super) expected: Option<String>,
    pub(super) found: Option<&'static str>,
    /// Where in a nested value: `address.zip`, `[2]`.
    pub(super) path: Option<String>,
}

/// What serde expects through something that could hold a value.
const OF_SERDE: [&str; 10] = [
    "IP address",
    "IPv4 address",
    "IPv6 address",
    "socket address",
    "IPv4 socket address",
    "IPv6 socket address",
    "struct Range",
    "struct RangeInclusive",
    "struct RangeFrom",
    "struct RangeTo",
];

/// How what was found begins where it is neither an array nor an object.
const SCALARS: [&str; 5] = [
    "null",
    "a boolean",
    "a number",
    "a floating point number",
    "a string",
];

const TOO_DEEP: &str = "too many";

/// What was expected, if it says nothing of the value.
///
/// An expectation may be text that was made of the value: `&format!("five letters, not {value:?}")`. Nearly all of serde's
/// are visitors without a field, which say what the type alone knows; from anything larger only known texts are taken.
fn expectation(expected: &dyn Expected) -> Option<String> {
    let text = expected.to_string();
    let holds_nothing = size_of_val(expected) == 0;
    (holds_nothing || OF_SERDE.contains(&text.as_str())).then_some(text)
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

    pub(super) fn new(expected: impl Into<String>, found: &'static str) -> Self {
        Self {
            expected: Some(expected.into()),
            found: Some(found),
            path: None,
        }
    }

    /// Arrays and objects in each other, beyond what `serde_json` goes into.
    pub(super) fn too_deep() -> Self {
        Self::new("fewer levels of arrays and objects", TOO_DEEP)
    }

    /// The same, where something else is known of what was found.
    pub(super) fn found(mut self, found: &'static str) -> Self {
        self.found = Some(found);
        self
    }

    /// The same, seen from `raw`, in which it is.
    pub(super) fn seen_in(mut self, raw: &str) -> Self {
        let kind = Kind::of(raw);
        let found = *self.found.get_or_insert(kind.name());
        // What serde keeps before it knows the variant of an enum has lost its place.
        let is_inside = matches!(kind, Kind::Array | Kind::Object)
            && SCALARS.iter().any(|scalar| found.starts_with(scalar));
        if is_inside && self.path.is_none() {
            self.path = Some("*".to_owned());
        }
        self
    }

    /// The same, found in the value `raw` under `step`.
    pub(super) fn inside(mut self, step: &str, raw: &str) -> Self {
        if self.found == Some(TOO_DEEP) {
            // A path of a hundred steps helps nobody.
            return self;
        }
        self = self.seen_in(raw);
        self.path = Some(match self.path {
            Some(inner) if inner.starts_with('[') => format!("{step}{inner}"),
            Some(inner) => format!("{step}.{inner}"),
            None => step.to_owned(),
        });
        self
    }

    /// A value of a kind, where another was expected.
    pub(super) fn of_kind(expected: &dyn Expected, kind: Option<Kind>) -> Self {
        Self {
            expected: expectation(expected),
            found: kind.map(Kind::name),
            path: None,
        }
    }

    /// Something that says more than the kind, which makes sense only beside an expectation.
    pub(super) fn of(expected: &dyn Expected, found: &'static str) -> Self {
        let expected = expectation(expected);
        let found = expected.is_some().then_some(found);
        Self {
            expected,
            found,
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
        let kind = match unexpected {
            Unexpected::Bool(_) => Kind::Boolean,
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => Kind::Number,
            // What is beyond 64 bits arrives here, too.
            Unexpected::Float(number) if number.abs() >= 18_446_744_073_709_551_616.0 => {
                return Self::of(expected, "a number that does not fit");
            }
            Unexpected::Float(_) => return Self::of(expected, "a floating point number"),
            Unexpected::Char(_)
            | Unexpected::Str(_)
            | Unexpected::Bytes(_)
            | Unexpected::UnitVariant => Kind::String,
            Unexpected::Unit | Unexpected::Option => Kind::Null,
            Unexpected::Seq => Kind::Array,
            Unexpected::Map
            | Unexpected::Enum
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant => Kind::Object,
            Unexpected::NewtypeStruct | Unexpected::Other(_) => {
                return Self::of_kind(expected, None);
            }
        };
        Self::of_kind(expected, Some(kind))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => {
                "a number that does not fit"
            }
            Unexpected::Char(_) | Unexpected::Str(_) => "a string that does not fit",
            _ => "a value that does not fit",
        };
        Self::of(expected, found)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::of(expected, "another length")
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::one_of(expected).found("another string")
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
