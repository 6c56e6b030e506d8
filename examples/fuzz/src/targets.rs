//! The list of targets.

use crate::{
    api_models::api_models, client_ips::client_ips, derived_metadata::derived_metadata,
    error_bodies::error_bodies, events::events, form_bodies::form_bodies, metadata::metadata,
    redirect_targets::redirect_targets, return_paths::return_paths, verifier::verifier,
};

/// The name of a target, which is also the name of the folder with its seeds, and its function, which returns whether
/// it accepted the input.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// All targets.
pub const TARGETS: [Target; 10] = [
    ("api_models", api_models),
    ("client_ips", client_ips),
    ("derived_metadata", derived_metadata),
    ("error_bodies", error_bodies),
    ("events", events),
    ("form_bodies", form_bodies),
    ("metadata", metadata),
    ("redirect_targets", redirect_targets),
    ("return_paths", return_paths),
    ("verifier", verifier),
];
