//! Checkout metadata: a JSON object that is sent with a checkout and included unchanged in `checkout.completed`.

mod absent;
pub mod bounds;
mod compare;
mod entries;
pub(crate) mod error;
pub(crate) mod from_metadata;
mod in_order;
mod keys;
mod kind;
mod mismatch;
pub(crate) mod object;
#[doc(hidden)]
pub mod private;
mod reader;
mod serde_traits;
mod serializer;
mod shown_key;
pub(crate) mod to_metadata;
mod type_name;
mod value;
mod writer;

#[doc = include_str!("derive.md")]
pub use kelviq_derive::CheckoutMetadata;

pub use self::{
    error::MetadataError, from_metadata::FromMetadata, keys::MetadataKeys, object::Metadata,
    reader::MetadataReader, to_metadata::ToMetadata, writer::MetadataWriter,
};
