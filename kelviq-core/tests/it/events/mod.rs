//! Deserialization of events of every type.

mod debug;
pub(crate) mod fixtures;
mod models;
mod previous_attributes;
mod unexpected_fields;
mod unusual_json;
