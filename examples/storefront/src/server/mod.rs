//! What is on the server alone.

mod app;
mod assets;
mod config;
mod document;
mod headers;
mod offers;
mod orders;
mod render;
mod serve;
mod site;
mod stand_in;
mod visitor;
mod webhook;
mod wrong_method;

pub use self::{
    app::{app, app_with_site},
    config::{Config, Payments},
    serve::serve,
    site::Site,
    stand_in::stand_in,
};
pub(crate) use self::{
    orders::Orders,
    render::{is_play_money, set_status},
    visitor::Visitor,
};
