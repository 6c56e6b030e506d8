//! Offers: what the server sells. The browser only names an offer.

pub(crate) mod builder;
pub(crate) mod buyer;
mod buyer_metadata;
pub(crate) mod catalogue;
mod choice;
mod field_rules;
pub(crate) mod form_fields;
mod invalid_field;
pub(crate) mod offer;
pub(crate) mod quantity;
mod resume_page;
pub(crate) mod return_path;
pub(crate) mod routes;
pub(crate) mod sale;
mod sell;
pub(crate) mod sell_error;
pub(crate) mod sign_in;
