//! The `model!` macro, which declares the structs for Kelviq's JSON objects.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    json::{Lenient, RawObject},
    metadata::{error::MetadataError, from_metadata::FromMetadata, object::Metadata},
};

/// A struct declared with [`model!`].
pub(crate) trait Model: Sized {
    /// The name of the struct.
    const NAME: &str;

    /// Reads each field for itself, so that an unexpected value affects only its own field.
    fn read_fields(object: &RawObject<'_>) -> Self;

    /// Reads all fields in one pass over the text. Fails if a value is not of the usual type.
    fn visit_fields<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

impl<T: Model> Lenient for T {
    fn read(json: &str) -> Option<Self> {
        if let Ok(Usual(model)) = serde_json::from_str(json) {
            return model;
        }
        RawObject::parse_lenient(json).map(|object| T::read_fields(&object))
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        let model: Option<UsualModel<T>> = Option::deserialize(deserializer)?;
        Ok(model.map(|UsualModel(model)| model))
    }
}

/// A field whose value is of the usual type.
pub(crate) struct Usual<F>(pub(crate) F);

impl<'de, F: Field> Deserialize<'de> for Usual<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        F::deserialize_usual(deserializer).map(Self)
    }
}

/// A model whose fields are of the usual types.
struct UsualModel<T>(T);

impl<'de, T: Model> Deserialize<'de> for UsualModel<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::visit_fields(map)
    }
}

impl Lenient for Metadata {
    fn read(json: &str) -> Option<Self> {
        Metadata::from_json(json).ok()
    }
}

/// A field of a model. Reading it never fails, even if the JSON is missing or of another type.
pub(crate) trait Field: Sized {
    fn read(json: Option<&str>) -> Self;

    /// Deserializes the field as [`read`](Self::read) does. Fails for valid JSON only if it is not of the usual type.
    fn deserialize_usual<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: Lenient> Field for Option<T> {
    fn read(json: Option<&str>) -> Self {
        json.filter(|json| *json != "null").and_then(T::read)
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_usual(deserializer)
    }
}

/// Anything but `true` reads as `false`.
impl Field for bool {
    fn read(json: Option<&str>) -> Self {
        json.and_then(Lenient::read).unwrap_or(false)
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// Missing metadata reads as an empty object. So does an empty array, which PHP writes for an empty map.
impl<M: FromMetadata> Field for Result<M, MetadataError> {
    fn read(json: Option<&str>) -> Self {
        match json {
            None | Some("null") => M::from_json("{}"),
            Some(json) if is_empty_array(json) => M::from_json("{}"),
            Some(json) => M::from_json(json),
        }
    }

    fn deserialize_usual<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        Ok(Self::read(Some(json.get())))
    }
}

fn is_empty_array(json: &str) -> bool {
    let inside = json
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}

/// `Debug` output for a field with personal data, which shows only whether the field has a value.
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

/// Declares a struct whose fields are read independently, so that an unexpected value affects only its own field.
///
/// The JSON key of a field is its name, or the literal after `=`. `Debug` redacts fields marked `(personal)` because
/// applications log the objects that they receive. A `private` field is not read and not part of `Debug`; it starts with
/// its default.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$metadata:ident = $default:ty>)? {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(($personal:ident))?: $ty:ty $(= $json:literal)?,
            )+
            $(private $private:ident: $private_ty:ty,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name $(<$metadata = $default>)? {
            $(
                $(#[$field_meta])*
                #[doc = concat!("\n\nJSON field: `", model!(@key $field $($json)?), "`.")]
                pub $field: $ty,
            )+
            $($private: $private_ty,)?
        }

        impl $(<$metadata: $crate::metadata::from_metadata::FromMetadata>)? $crate::model::Model
            for $name $(<$metadata>)?
        {
            const NAME: &str = stringify!($name);

            fn read_fields(object: &$crate::json::RawObject<'_>) -> Self {
                use $crate::model::Field;

                Self {
                    $($field: Field::read(object.raw(model!(@key $field $($json)?))),)+
                    $($private: Default::default(),)?
                }
            }

            fn visit_fields<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                use $crate::{json::Key, model::{Field, Usual}};

                $(let mut $field = None;)+
                while let Some(Key(key)) = map.next_key()? {
                    match &*key {
                        // The last of several duplicate keys counts.
                        $(model!(@key $field $($json)?) => $field = Some(map.next_value::<Usual<$ty>>()?.0),)+
                        _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
                    }
                }
                Ok(Self {
                    $($field: $field.unwrap_or_else(|| Field::read(None)),)+
                    $($private: Default::default(),)?
                })
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

#[cfg(test)]
mod tests;
