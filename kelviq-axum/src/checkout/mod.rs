//! From a request to a checkout: the extractor, and what it answers with.

mod builder;
mod extract;
mod redirect;
mod rejection;
mod same_site;

pub use self::{
    builder::CheckoutBuilder, extract::Checkout, redirect::CheckoutRedirect,
    rejection::CheckoutRejection,
};
pub(crate) use self::{
    extract::wants_json,
    redirect::send_to,
    rejection::{problem_of, status},
};
