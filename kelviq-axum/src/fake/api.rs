//! The path of the API.

/// The path that the API's routes begin with.
pub(super) const API: &str = "/api/v1";
