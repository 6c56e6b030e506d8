//! The API client.

mod api_key;
pub(crate) mod api_response;
mod base_url;
mod builder;
mod connection_problem;
pub(crate) mod date_filter;
pub(crate) mod environment;
mod error_body;
mod http_client;
pub(crate) mod kelviq;
pub(crate) mod pagination;
mod retry;
mod server;
mod transport;

pub use self::{
    builder::KelviqBuilder, environment::Environment, kelviq::Kelviq, pagination::Pages,
};
