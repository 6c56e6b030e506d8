//! The entitlements of customers.

mod access;
mod cache;
mod forget;
pub(crate) mod upstream;
