//! The server.

mod app;
mod assets;
mod config;
mod document;
mod fake_kelviq;
mod headers;
mod method_not_allowed;
mod offers;
mod order_metadata;
pub(crate) mod orders;
mod render;
mod serve;
mod site;
pub(crate) mod visitor;
mod visitor_cookie;
mod webhook;

pub use self::{
    app::app,
    config::{Config, Payments},
    fake_kelviq::start_fake_kelviq,
    serve::serve,
    site::Site,
};
