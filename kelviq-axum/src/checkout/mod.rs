//! The checkout in a handler: the extractor, the builder, the redirect, and the extractor of the return page.

pub(crate) mod builder;
pub(crate) mod checkout_return;
mod create;
pub(crate) mod create_error;
pub(crate) mod extractor;
pub(crate) mod item;
mod prepare;
pub(crate) mod purchase;
pub(crate) mod redirect;
mod return_urls;
pub(crate) mod single_flight;
