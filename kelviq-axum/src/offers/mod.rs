//! Offers: what the server sells. The browser only names an offer.

pub(crate) mod builder;
pub(crate) mod buyer;
pub(crate) mod catalogue;
pub(crate) mod offer;
pub(crate) mod quantity;
pub(crate) mod requested_quantities;
mod resume_page;
pub(crate) mod return_path;
pub(crate) mod routes;
pub(crate) mod sale;
mod sell;
pub(crate) mod sell_error;
pub(crate) mod sign_in;
mod sold_quantities;
