//! A small shop with every component of `kelviq-leptos`, for tests in a browser in every rendering mode.
//!
//! It is compiled twice: as the server of the tests, and for the browser by `.ci/build-wasm`. An attribute of the page
//! selects how it is hydrated, so one build for the browser serves all modes except islands and
//! applications without server-side rendering.

#[cfg(feature = "csr")]
mod client_only;
#[cfg(feature = "hydrate")]
mod hydrate;
mod order;
mod pages;
mod rendering;
#[cfg(feature = "ssr")]
mod server;
mod server_functions;

#[cfg(feature = "csr")]
pub use self::client_only::start;
#[cfg(feature = "hydrate")]
pub use self::hydrate::hydrate;
#[cfg(feature = "ssr")]
pub use self::server::{BuyerAccess, WEBHOOKS, app, generate_routes};
pub use self::{order::Order, rendering::Rendering};
