//! A small shop in Leptos and axum that sells through Kelviq. Its pages are complete without JavaScript, and change in
//! place once the browser's side has been built.
//!
//! What is in `server/` stays there; everything else, `pages/` above all, runs in the browser too. The way of a sale, and
//! the file for each step:
//!
//! 1. `pages/plans.rs` shows the plans, each with a `<CheckoutButton>`.
//! 2. The button names an offer. `server/offers.rs` says what that is, `server/visitor.rs` who buys and which metadata
//!    leaves with the checkout. The buyer is sent to Kelviq's page and pays there, or is told beside the button why not.
//! 3. Kelviq sends the buyer to `/thanks?reference=…` and the signed event to `/webhooks/kelviq`, in either order.
//! 4. `server/webhook.rs` turns the event into an order. `pages/thanks.rs` says "confirming" until that has happened.
//!
//! Orders are kept in memory: they are gone when the process ends, and `Orders` is the place for a database.

#[cfg(feature = "hydrate")]
mod hydrate;
mod pages;
mod plan;
mod receipt;
#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "hydrate")]
pub use self::hydrate::hydrate;
#[cfg(feature = "ssr")]
pub use self::server::{Config, Payments, Site, app, app_with_site, serve, stand_in};

/// Compiles the snippets of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
