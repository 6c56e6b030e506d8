//! Deserialization of events of every type.

mod customer_ids;
mod debug;
pub(crate) mod fixtures;
mod models;
mod objects;
mod previous_attributes;
mod text_types;
mod unexpected_fields;
mod unusual_json;
