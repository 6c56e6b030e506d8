//! A second look at a value that did not fit, for what the type expected.
//!
//! serde's own messages quote the value (`invalid type: string "…", expected u32`), and metadata may be personal data.
//! Here the value is read again with an error type that keeps the expectation, and of the value no more than its kind.

use std::{fmt, vec};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess,
        Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::misfit::Misfit;

/// What was expected where `read` stumbled over `raw`; `None` when it does not stumble over the value alone.
pub(super) fn misfit<T>(
    raw: &str,
    read: impl FnOnce(Explain) -> Result<T, Misfit>,
) -> Option<Misfit> {
    let value = serde_json::from_str(raw).ok()?;
    read(Explain(Source::Value(value))).err()
}

/// A deserializer that fails with a [`Misfit`].
pub struct Explain(Source);

enum Source {
    /// No value, which an `Option` takes as `None`.
    Absent,
    /// A key of an object, which may stand for a number.
    Key(String),
    Value(Value),
}

impl Explain {
    pub(super) fn absent() -> Self {
        Self(Source::Absent)
    }
}

/// Shows nothing of the value.
impl fmt::Debug for Explain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explain").finish_non_exhaustive()
    }
}

/// Numbers and booleans, which may be the keys of a map.
macro_rules! parse_keys {
    ($($deserialize:ident $visit:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            if let Source::Key(key) = &self.0 && let Ok(value) = key.parse() {
                return visitor.$visit(value);
            }
            self.deserialize_any(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Explain {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Source::Absent => Err(Misfit::invalid_type(Unexpected::Unit, &visitor)),
            Source::Key(key) => visitor.visit_string(key),
            Source::Value(Value::Null) => visitor.visit_unit(),
            Source::Value(Value::Bool(value)) => visitor.visit_bool(value),
            Source::Value(Value::Number(number)) => {
                if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or_default())
                }
            }
            Source::Value(Value::String(value)) => visitor.visit_string(value),
            Source::Value(Value::Array(values)) => visitor.visit_seq(Elements::new(values)),
            Source::Value(Value::Object(map)) => visitor.visit_map(Entries::new(map, &[])),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Source::Absent | Source::Value(Value::Null) => visitor.visit_none(),
            Source::Key(_) | Source::Value(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Source::Value(Value::Object(map)) => visitor.visit_map(Entries::new(map, fields)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let (name, content) = match self.0 {
            Source::Key(name) | Source::Value(Value::String(name)) => (name, Source::Absent),
            Source::Value(Value::Object(map)) if map.len() == 1 => {
                let (name, value) = map.into_iter().next().unwrap_or_default();
                (name, Source::Value(value))
            }
            Source::Absent | Source::Value(_) => return Err(Misfit::one_of(variants)),
        };
        let path = known(&name, variants);
        visitor.visit_enum(Variant {
            name,
            path,
            content: Explain(content),
        })
    }

    parse_keys! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The elements of an array; an error says which one.
struct Elements {
    values: vec::IntoIter<Value>,
    at: usize,
}

impl Elements {
    fn new(values: Vec<Value>) -> Self {
        let values = values.into_iter();
        Self { values, at: 0 }
    }
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        let Some(value) = self.values.next() else {
            return Ok(None);
        };
        let at = self.at;
        self.at += 1;
        seed.deserialize(Explain(Source::Value(value)))
            .map(Some)
            .map_err(|misfit| misfit.inside(&format!("[{at}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The entries of an object; an error says which one, if its key is the type's and not data itself.
struct Entries {
    rest: serde_json::map::IntoIter,
    value: Option<(&'static str, Value)>,
    known: &'static [&'static str],
}

impl Entries {
    fn new(map: serde_json::Map<String, Value>, known: &'static [&'static str]) -> Self {
        Self {
            rest: map.into_iter(),
            value: None,
            known,
        }
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((known(&key, self.known), value));
        seed.deserialize(Explain(Source::Key(key))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (key, value) = self.value.take().unwrap_or(("*", Value::Null));
        seed.deserialize(Explain(Source::Value(value)))
            .map_err(|misfit| misfit.inside(key))
    }
}

/// The key as it may be shown: only the type's own, for any other is data.
fn known(key: &str, known: &'static [&'static str]) -> &'static str {
    known.iter().find(|known| **known == key).unwrap_or(&"*")
}

/// A variant and what is in it.
struct Variant {
    name: String,
    path: &'static str,
    content: Explain,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        mut self,
        seed: V,
    ) -> Result<(V::Value, Self), Misfit> {
        let name = Source::Key(std::mem::take(&mut self.name));
        Ok((seed.deserialize(Explain(name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        match self.content.0 {
            Source::Absent | Source::Value(Value::Null) => Ok(()),
            Source::Key(_) | Source::Value(_) => Err(Misfit::default().inside(self.path)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misfit> {
        let content = seed.deserialize(self.content);
        content.map_err(|misfit| misfit.inside(self.path))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        let content = self.content.deserialize_any(visitor);
        content.map_err(|misfit| misfit.inside(self.path))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let content = self.content.deserialize_struct("", fields, visitor);
        content.map_err(|misfit| misfit.inside(self.path))
    }
}
