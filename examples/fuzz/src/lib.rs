//! Fuzz targets. Each is a function that panics if an input breaks a promise of the crates, and returns whether the input was
//! accepted rather than rejected.
//!
//! `tests/replay.rs` runs each target on its seeds in `corpus/`, on a stable toolchain. `.ci/fuzz` runs them with libFuzzer.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a panic is a finding"
)]

mod api_models;
mod client_ips;
mod derived_metadata;
mod error_bodies;
mod events;
mod form_bodies;
mod metadata;
mod redirect_targets;
mod return_paths;
mod targets;
mod upstream;
mod verifier;

pub use self::{
    api_models::api_models,
    client_ips::client_ips,
    derived_metadata::derived_metadata,
    error_bodies::error_bodies,
    events::events,
    form_bodies::form_bodies,
    metadata::metadata,
    redirect_targets::redirect_targets,
    return_paths::return_paths,
    targets::{TARGETS, Target},
    verifier::verifier,
};
