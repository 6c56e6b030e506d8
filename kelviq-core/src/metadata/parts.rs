//! The parts of a value at the second look: elements, entries, variants. An error says in which of them it is.

use std::{borrow::Cow, vec};

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{explain::Explain, kind::Kind, misfit::Misfit};
use crate::json::RawObject;

/// The elements of an array.
pub(super) struct Elements<'a> {
    rest: vec::IntoIter<&'a RawValue>,
    at: usize,
    depth: u8,
}

impl<'a> Elements<'a> {
    pub(super) fn new(values: Vec<&'a RawValue>, depth: u8) -> Self {
        Self {
            rest: values.into_iter(),
            at: 0,
            depth,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.len() == 0
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        let Some(value) = self.rest.next() else {
            return Ok(None);
        };
        let at = self.at;
        self.at += 1;
        seed.deserialize(Explain::value(value.get(), self.depth))
            .map(Some)
            .map_err(|misfit| misfit.inside(&format!("[{at}]"), value.get()))
    }
}

/// The entries of an object. An error names the key if it is the type's own and not data itself.
pub(super) struct Entries<'a> {
    rest: vec::IntoIter<(Cow<'a, str>, &'a RawValue)>,
    value: Option<(&'static str, &'a str)>,
    known: &'static [&'static str],
    depth: u8,
}

impl<'a> Entries<'a> {
    pub(super) fn new(object: &RawObject<'a>, known: &'static [&'static str], depth: u8) -> Self {
        Self {
            rest: object.entries().to_vec().into_iter(),
            value: None,
            known,
            depth,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.len() == 0
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((known(&key, self.known), value.get()));
        let key = seed.deserialize(Explain::key(key)).map(Some);
        key.map_err(|misfit| misfit.found("another key"))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (key, value) = self.value.take().unwrap_or(("*", "null"));
        seed.deserialize(Explain::value(value, self.depth))
            .map_err(|misfit| misfit.inside(key, value))
    }
}

/// The key as it may be shown: only the type's own, for any other is data.
fn known(key: &str, known: &'static [&'static str]) -> &'static str {
    known.iter().find(|known| **known == key).unwrap_or(&"*")
}

/// A variant, and what is in it if it stands in an object.
pub(super) struct Variant<'a> {
    name: Cow<'a, str>,
    content: Option<&'a str>,
    shown: &'static str,
    depth: u8,
}

impl<'a> Variant<'a> {
    pub(super) fn new(
        name: Cow<'a, str>,
        content: Option<&'a str>,
        variants: &'static [&'static str],
        depth: u8,
    ) -> Self {
        Self {
            shown: known(&name, variants),
            name,
            content,
            depth,
        }
    }

    /// Reads what is in the variant.
    fn read<T>(self, read: impl FnOnce(Explain<'a>) -> Result<T, Misfit>) -> Result<T, Misfit> {
        let Some(raw) = self.content else {
            let expected = format!("an object with the key `{}`", self.shown);
            return Err(Misfit::new(expected, "a string"));
        };
        read(Explain::value(raw, self.depth)).map_err(|misfit| misfit.inside(self.shown, raw))
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Misfit> {
        let variant = seed.deserialize(Explain::key(self.name.clone()));
        let variant = variant.map_err(|misfit| match self.content {
            Some(_) => misfit.found("another key"),
            None => misfit,
        })?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        match self.content {
            None | Some("null") => Ok(()),
            Some(raw) => Err(Misfit::new("null", Kind::of(raw).name()).inside(self.shown, raw)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misfit> {
        self.read(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.read(|content| content.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.read(|content| content.deserialize_struct("", fields, visitor))
    }
}
