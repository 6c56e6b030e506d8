//! Customers: their records, and the routes below `/customers/`.

pub(super) mod api;
pub(super) mod customer;
pub(super) mod records;
