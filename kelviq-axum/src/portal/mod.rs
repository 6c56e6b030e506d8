//! The customer portal, in which a buyer sees invoices and changes or cancels a subscription.

pub(crate) mod open;
pub(crate) mod redirect;
pub(crate) mod route;
