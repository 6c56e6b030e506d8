//! Addresses: the application's own, and those that buyers are sent to.

pub(crate) mod host_name;
pub(crate) mod path;
pub(crate) mod public_address;
pub(crate) mod redirect_target;
