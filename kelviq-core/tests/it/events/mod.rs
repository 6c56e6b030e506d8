//! Deserialization of events of every type.

mod debug;
pub(crate) mod fixtures;
mod models;
mod objects;
mod previous_attributes;
mod text_types;
mod unexpected_fields;
mod unusual_json;
