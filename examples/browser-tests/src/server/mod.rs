//! The server.

mod app;
pub(crate) mod buy_seats;
mod buyer;
mod buyer_access;
mod client_only;
mod document;
pub(crate) mod orders;
mod policy;
pub(crate) mod price;
mod sign_in;
mod state;
mod webhook;

pub use self::{
    app::{WEBHOOKS, app, generate_routes},
    buyer_access::BuyerAccess,
};
