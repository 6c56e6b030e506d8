//! A small shop in Leptos and axum that sells through Kelviq, and works without JavaScript.
//!
//! The way of a sale, and the file for each step:
//!
//! 1. `pages/plans.rs` shows the plans, each with a `<CheckoutButton>`.
//! 2. The button posts to `/checkout/{offer}`. `offers.rs` says what an offer is, `visitor.rs` who buys and which
//!    metadata leaves with the checkout. The buyer is sent to Kelviq's page and pays there. A checkout that is refused
//!    gets a page of the shop's, through `refusals.rs`.
//! 3. Kelviq sends the buyer to `/thanks?reference=…` and the signed event to `/webhooks/kelviq`, in either order.
//! 4. `webhook.rs` turns the event into an order. `pages/thanks.rs` says "confirming" until that has happened.
//!
//! Orders are kept in memory: they are gone when the process ends, and `Orders` is the place for a database.

mod app;
mod assets;
mod config;
mod headers;
mod offers;
mod orders;
mod pages;
mod refusals;
mod returns;
mod serve;
mod stand_in;
mod visitor;
mod webhook;

pub use self::{
    app::app,
    config::{Config, Payments},
    serve::serve,
    stand_in::stand_in,
};

/// Compiles the snippets of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
