//! The entitlements of customers: which features they may use.

pub(crate) mod access;
pub(crate) mod cache;
mod customer;
pub(crate) mod error;
mod fetch;
