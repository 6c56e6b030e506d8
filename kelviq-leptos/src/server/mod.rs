//! The server: the implementation of `platform`, and the bodies of the server functions.

mod awaited;
pub(crate) mod context;
mod entitlements;
pub(crate) mod erased_offers;
pub(crate) mod error_page;
pub(crate) mod first_lookup;
pub(crate) mod form_body;
pub(crate) mod form_numbers;
pub(crate) mod form_on_page;
pub(crate) mod mount;
pub(crate) mod page;
pub(crate) mod plain_form;
mod reference;
mod request;
pub(crate) mod response;
pub(crate) mod sell;
mod server_checkout;
pub(crate) mod waiting_buyers;

pub use self::{
    entitlements::entitlements,
    server_checkout::{ServerCheckout, ServerCheckoutBuilder, checkout},
};
