//! Entitlements: the features of plans, and the route `/entitlements/`.

pub(super) mod api;
pub(super) mod feature;
pub(super) mod records;
