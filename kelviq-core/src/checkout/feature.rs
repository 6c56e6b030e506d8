//! A feature in a request.

use serde::Serialize;

/// One of `features`: how much of a feature is bought.
#[derive(Clone, Serialize)]
pub(super) struct Feature {
    pub(super) identifier: String,
    pub(super) quantity: u32,
}
