//! Test support: a shop with its own fake Kelviq, and visitors with cookies.

pub(crate) mod clock;
pub(crate) mod form;
pub(crate) mod log;
pub(crate) mod page;
pub(crate) mod postgres;
pub(crate) mod storefront;
pub(crate) mod visitor;
