//! The server.

mod account_form;
pub(crate) mod accounts;
mod app;
mod assets;
mod compression;
mod config;
mod customer;
mod database;
mod database_url;
mod document;
mod fake_kelviq;
mod headers;
mod method_not_allowed;
mod offers;
mod order_metadata;
pub(crate) mod orders;
pub(crate) mod plan_overview;
mod render;
mod serve;
pub(crate) mod server_error;
mod site;
mod tables;
pub(crate) mod visitor;
mod visitor_cookie;
mod webhook;

pub use self::{
    app::{Server, app},
    config::{Config, Payments},
    database::Database,
    database_url::DatabaseUrl,
    fake_kelviq::start_fake_kelviq,
    serve::{Shutdown, serve},
    site::Site,
};
