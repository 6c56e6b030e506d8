//! How the second look answers serde.
//!
//! It has to stumble where `serde_json` did, or it would blame another field: each method asks the visitor for what
//! `serde_json` asks it for.

use std::{borrow::Cow, iter};

use serde::de::{Deserializer, Visitor, value::MapDeserializer};

use super::{
    explain::{Explain, Source, string, text},
    kind::Kind,
    misfit::Misfit,
    parts::Variant,
};
use crate::json::RawObject;

/// The name by which a `RawValue` asks `serde_json` for the text.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

macro_rules! numbers {
    ($($deserialize:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.number(visitor)
        })*
    };
}

/// Integers that do not fit into 64 bits.
macro_rules! large_numbers {
    ($($deserialize:ident $visit:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            let text = match &self.source {
                Source::Key(key) => &**key,
                _ => self.of_kind(Kind::Number).ok_or_else(|| self.unfit(&visitor))?,
            };
            match text.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Misfit::of(&visitor, "a number that does not fit")),
            }
        })*
    };
}

macro_rules! strings {
    ($($deserialize:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.of_kind(Kind::String) {
                Some(raw) => string(raw, visitor),
                None => self.key_or_unfit(visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Explain<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let raw = match self.source {
            Source::Absent => return Err(self.unfit(&visitor)),
            Source::Key(Cow::Borrowed(key)) => return visitor.visit_borrowed_str(key),
            Source::Key(Cow::Owned(key)) => return visitor.visit_str(&key),
            Source::Value(raw) => raw,
        };
        match Kind::of(raw) {
            Kind::Null => visitor.visit_unit(),
            Kind::Boolean => visitor.visit_bool(raw == "true"),
            Kind::Number => self.number(visitor),
            Kind::String => string(raw, visitor),
            Kind::Array => self.array(raw, visitor),
            Kind::Object => self.object(raw, &[], visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let text = match &self.source {
            Source::Key(key) => Some(&**key),
            _ => self.of_kind(Kind::Boolean),
        };
        match text.and_then(|text| text.parse().ok()) {
            Some(value) => visitor.visit_bool(value),
            None => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let text = match &self.source {
            Source::Key(key) => key.clone(),
            Source::Value(raw) if Kind::of(raw) == Kind::String => text(raw)?,
            _ => return self.deserialize_seq(visitor),
        };
        match text {
            Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Cow::Owned(text) => visitor.visit_bytes(text.as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.source {
            Source::Absent | Source::Value("null") => visitor.visit_none(),
            Source::Key(_) | Source::Value(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.of_kind(Kind::Null) {
            Some(_) => visitor.visit_unit(),
            None => self.key_or_unfit(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.source {
            Source::Value(raw) if name == RAW_VALUE => {
                visitor.visit_map(MapDeserializer::new(iter::once((RAW_VALUE, raw))))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.of_kind(Kind::Array) {
            Some(raw) => self.array(raw, visitor),
            None => self.key_or_unfit(visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.of_kind(Kind::Object) {
            Some(raw) => self.object(raw, &[], visitor),
            None => self.key_or_unfit(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.of_kind(Kind::Object) {
            Some(raw) => self.object(raw, fields, visitor),
            None => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let depth = self.deeper();
        let variant = match self.source {
            Source::Key(name) => Variant::new(name, None, variants, self.depth),
            Source::Value(raw) if Kind::of(raw) == Kind::String => {
                Variant::new(text(raw)?, None, variants, self.depth)
            }
            Source::Value(raw) if Kind::of(raw) == Kind::Object => {
                let object = RawObject::parse(raw).map_err(|_| Misfit::default())?;
                let [(name, content)] = object.entries() else {
                    return Err(Misfit::one_of(variants));
                };
                Variant::new(name.clone(), Some(content.get()), variants, depth?)
            }
            Source::Absent | Source::Value(_) => return Err(Misfit::one_of(variants)),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    large_numbers! {
        deserialize_i128 visit_i128
        deserialize_u128 visit_u128
    }

    strings! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier
    }
}
