//! The serializer for metadata values.

use std::fmt;

use serde::{
    Serialize, Serializer,
    ser::{
        Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
        SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
    },
};

/// The message that [`is_not_finite`] recognizes.
const NOT_FINITE: &str = "kelviq: NaN or an infinity";

/// The serializer of `serde_json`, except that NaN and infinities are errors, where `serde_json` writes `null`, and that a value
/// that is `None` can be omitted.
///
/// Checking the value rather than the name of its type also covers type aliases and newtypes of `Option`.
pub struct ValueSerializer<S: Serializer> {
    inner: S,
    /// What to return for `None` instead of writing `null`.
    omitted: Option<S::Ok>,
}

/// The serializer that [`MetadataWriter`](crate::MetadataWriter) uses for the value of an entry.
pub type EntrySerializer<'a, 'text> =
    ValueSerializer<&'a mut serde_json::Serializer<&'text mut Vec<u8>>>;

/// What `None` is written as.
#[derive(Clone, Copy, Debug)]
pub enum WhenNone {
    /// Nothing. The writer then omits the key.
    Omit,
    /// `null`.
    Null,
}

/// Returns the value as JSON text, which is empty for an omitted `None`.
pub(super) fn to_json<T: Serialize + ?Sized>(
    value: &T,
    when_none: WhenNone,
) -> Result<String, serde_json::Error> {
    let mut text = Vec::new();
    let mut json = serde_json::Serializer::new(&mut text);
    value.serialize(ValueSerializer::new(&mut json, when_none))?;
    String::from_utf8(text).map_err(serde_json::Error::custom)
}

/// Returns `true` if a value was not serialized because of NaN or an infinity.
pub(super) fn is_not_finite(error: &serde_json::Error) -> bool {
    error.to_string() == NOT_FINITE
}

impl<S: Serializer<Ok = ()>> ValueSerializer<S> {
    pub(super) fn new(inner: S, when_none: WhenNone) -> Self {
        let omitted = match when_none {
            WhenNone::Omit => Some(()),
            WhenNone::Null => None,
        };
        Self { inner, omitted }
    }
}

impl<S: Serializer> fmt::Debug for ValueSerializer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueSerializer").finish_non_exhaustive()
    }
}

/// A value inside another value.
struct Nested<'a, T: ?Sized>(&'a T);

impl<T: Serialize + ?Sized> Serialize for Nested<'_, T> {
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(ValueSerializer {
            inner,
            omitted: None,
        })
    }
}

/// Implements methods that only call the same method of the inner serializer.
macro_rules! delegate {
    ($($method:ident($($name:ident: $ty:ty),*);)*) => {
        $(fn $method(self, $($name: $ty),*) -> Result<S::Ok, S::Error> {
            self.inner.$method($($name),*)
        })*
    };
}

/// Implements methods that start a value with nested values.
macro_rules! start {
    ($($method:ident($($name:ident: $ty:ty),*) -> $inner:ident;)*) => {
        $(fn $method(self, $($name: $ty),*) -> Result<NestedValues<S::$inner>, S::Error> {
            self.inner.$method($($name),*).map(NestedValues)
        })*
    };
}

impl<S: Serializer> Serializer for ValueSerializer<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = NestedValues<S::SerializeSeq>;
    type SerializeTuple = NestedValues<S::SerializeTuple>;
    type SerializeTupleStruct = NestedValues<S::SerializeTupleStruct>;
    type SerializeTupleVariant = NestedValues<S::SerializeTupleVariant>;
    type SerializeMap = NestedValues<S::SerializeMap>;
    type SerializeStruct = NestedValues<S::SerializeStruct>;
    type SerializeStructVariant = NestedValues<S::SerializeStructVariant>;

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        if !value.is_finite() {
            return Err(S::Error::custom(NOT_FINITE));
        }
        self.inner.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if !value.is_finite() {
            return Err(S::Error::custom(NOT_FINITE));
        }
        self.inner.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        match self.omitted {
            Some(omitted) => Ok(omitted),
            None => self.inner.serialize_none(),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Nested(value))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        if self.omitted.is_some() {
            return value.serialize(self);
        }
        self.inner.serialize_newtype_struct(name, &Nested(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner
            .serialize_newtype_variant(name, index, variant, &Nested(value))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }

    delegate! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_i128(value: i128);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_u128(value: u128);
        serialize_char(value: char);
        serialize_str(value: &str);
        serialize_bytes(value: &[u8]);
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
    }

    start! {
        serialize_seq(len: Option<usize>) -> SerializeSeq;
        serialize_tuple(len: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, len: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeStructVariant;
    }
}

/// A sequence, map or struct whose elements are serialized with a [`ValueSerializer`].
#[derive(Debug)]
pub struct NestedValues<S>(S);

/// Implements a trait for [`NestedValues`].
macro_rules! nested_values {
    ($($trait:ident { $($method:ident($($key:ident: $ty:ty)?);)+ })+) => {
        $(impl<S: $trait> $trait for NestedValues<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(fn $method<T: Serialize + ?Sized>(&mut self, $($key: $ty,)? value: &T) -> Result<(), S::Error> {
                self.0.$method($($key,)? &Nested(value))
            })+

            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        })+
    };
}

nested_values! {
    SerializeSeq { serialize_element(); }
    SerializeTuple { serialize_element(); }
    SerializeTupleStruct { serialize_field(); }
    SerializeTupleVariant { serialize_field(); }
    SerializeMap { serialize_key(); serialize_value(); }
    SerializeStruct { serialize_field(key: &'static str); }
    SerializeStructVariant { serialize_field(key: &'static str); }
}
