//! Properties of generated inputs.

mod deliveries;
mod metadata;
mod metadata_values;
mod secrets;
#[cfg(feature = "client")]
mod secrets_of_clients;
mod support;
