//! Deserializing a value whose metadata key is absent.

use serde::{
    de::{Deserialize, Deserializer, Error as _, Visitor, value::Error},
    forward_to_deserialize_any,
};

/// A deserializer for an absent key.
///
/// An `Option`, or a newtype of one, deserializes as `None`. Any other type returns an error.
#[derive(Debug)]
pub struct AbsentValue(());

/// Deserializes `T` from an absent key. Returns `None` if `T` requires a value.
pub(super) fn read_absent<'de, T: Deserialize<'de>>() -> Option<T> {
    read_absent_with(|absent| T::deserialize(absent))
}

/// Like [`read_absent`], with a function in place of the type's own `Deserialize`.
pub(super) fn read_absent_with<T>(read: impl FnOnce(AbsentValue) -> Result<T, Error>) -> Option<T> {
    read(AbsentValue(())).ok()
}

impl<'de> Deserializer<'de> for AbsentValue {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no value"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}
