//! The server.

mod app;
mod buyer;
mod document;
mod orders;
mod policy;
mod sell;
mod sign_in;

pub use self::{
    app::{WEBHOOKS, app, find_routes},
    buyer::Door,
};
pub(crate) use self::{
    orders::find_order,
    sell::{buy_seats, find_price},
};
