//! How Kelviq's objects are declared, read and shown.

use std::fmt;

use crate::{
    FromMetadata, Metadata, MetadataError,
    json::{Lenient, RawObject},
};

/// A struct that [`model!`] declared.
pub(crate) trait Model: Sized {
    fn read_fields(object: &RawObject<'_>) -> Self;
}

impl<T: Model> Lenient for T {
    fn read(json: &str) -> Option<Self> {
        RawObject::parse_lenient(json).map(|object| T::read_fields(&object))
    }
}

impl Lenient for Metadata {
    fn read(json: &str) -> Option<Self> {
        Metadata::from_json(json).ok()
    }
}

/// A field of a model, which any JSON or none can stand for.
pub(crate) trait Field {
    fn read(json: Option<&str>) -> Self;
}

impl<T: Lenient> Field for Option<T> {
    fn read(json: Option<&str>) -> Self {
        json.filter(|json| *json != "null").and_then(T::read)
    }
}

/// Metadata that is absent has no entries.
impl<M: FromMetadata> Field for Result<M, MetadataError> {
    fn read(json: Option<&str>) -> Self {
        match json {
            None | Some("null") => Metadata::new().parse(),
            Some(json) => Metadata::from_json(json)?.parse(),
        }
    }
}

/// What `Debug` shows of a field that may hold personal data: whether it is there.
pub(crate) trait Redact {
    fn redact(&self) -> impl fmt::Debug;
}

impl<T> Redact for Option<T> {
    fn redact(&self) -> impl fmt::Debug {
        self.as_ref().map(|_| Redacted)
    }
}

impl<T, E: fmt::Debug> Redact for Result<T, E> {
    fn redact(&self) -> impl fmt::Debug {
        self.as_ref().map(|_| Redacted)
    }
}

struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Declares a struct whose fields are each read on their own, under their own name or the one behind `=`.
///
/// `Debug` does not show the values of fields that are marked `(personal)`: people log what they receive.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$metadata:ident = $default:ty>)? {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(($personal:ident))?: $ty:ty $(= $json:literal)?,
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name $(<$metadata = $default>)? {
            $(
                $(#[$field_meta])*
                $(#[doc = concat!("\n\nIn the JSON: `", $json, "`.")])?
                pub $field: $ty,
            )+
        }

        impl $(<$metadata: $crate::FromMetadata>)? $crate::model::Model
            for $name $(<$metadata>)?
        {
            fn read_fields(object: &$crate::json::RawObject<'_>) -> Self {
                use $crate::model::Field;

                Self {
                    $($field: Field::read(object.raw(model!(@key $field $($json)?))),)+
                }
            }
        }

        impl $(<$metadata>)? std::fmt::Debug for $name $(<$metadata>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), model!(@shown self.$field $(, $personal)?)))+
                    .finish()
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $json:literal) => { $json };
    (@shown $value:expr) => { &$value };
    (@shown $value:expr, personal) => { &$crate::model::Redact::redact(&$value) };
}

pub(crate) use model;
