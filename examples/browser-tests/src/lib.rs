//! A small shop with every component of `kelviq-leptos`, to be tried in a browser in every rendering mode.
//!
//! It is compiled twice: as the server of the tests, and for the browser by `.ci/build-wasm`. A page says by itself how it
//! is to be taken over, so one program for the browser serves all modes but islands.

mod order;
mod pages;
mod rendering;
#[cfg(feature = "ssr")]
mod server;
mod shop;
#[cfg(feature = "hydrate")]
mod takeover;

#[cfg(feature = "ssr")]
pub use self::server::{Door, WEBHOOKS, app, find_routes};
#[cfg(feature = "hydrate")]
pub use self::takeover::hydrate;
pub use self::{order::Order, rendering::Rendering};
