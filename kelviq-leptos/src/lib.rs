//! Leptos components for selling through Kelviq.
//!
//! # Usage
//!
//! A button names an offer:
//!
//! ```
//! use kelviq_leptos::CheckoutButton;
//! use leptos::prelude::*;
//!
//! #[component]
//! fn Pricing() -> impl IntoView {
//!     view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
//! }
//! ```
//!
//! The server has the offer's plan and identifies the buyer. Configure both with a layer around the Leptos routes. It
//! takes the same `Offers` as `kelviq_axum::routes`, and applies to the routes that have been added before it:
//!
//! ```
//! # #[cfg(feature = "ssr")]
//! # mod server {
//! use axum::Router;
//! use kelviq_axum::{ConfigError, Offer, Offers, Shop};
//! use kelviq_core::ChargePeriod;
//! use kelviq_leptos::CheckoutLayer;
//!
//! fn app(leptos_routes: Router, shop: Shop) -> Result<Router, ConfigError> {
//!     let offers = Offers::builder(shop)
//!         .success_path("/thanks")
//!         .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
//!         .build()?;
//!     Ok(leptos_routes.layer(CheckoutLayer::new(offers)))
//! }
//! # }
//! ```
//!
//! | component | purpose |
//! |---|---|
//! | [`CheckoutButton`] | sells an offer, with a [`QuantityInput`] for each quantity that the buyer chooses |
//! | [`CheckoutForm`] | sells through a server function of the application |
//! | [`CheckoutStatus`] | shows the order on the success page, and a message until it is confirmed |
//! | [`PortalButton`] | opens the customer portal |
//!
//! # Rendering modes
//!
//! Every component works without JavaScript and is enhanced after hydration. Its HTML is the same in every rendering
//! mode (async, in-order and out-of-order streaming), with or without a `<Router>`. In islands mode, use a component in
//! an island of the application:
//!
//! ```
//! use kelviq_leptos::CheckoutButton;
//! use leptos::prelude::*;
//!
//! #[island]
//! fn GoPro() -> impl IntoView {
//!     view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
//! }
//! ```
//!
//! If a page has a `Content-Security-Policy` with `form-action`, add `kelviq_axum::Shop::form_action_sources()` to it.
//! The components need no other source, because they have no scripts or styles of their own.
//!
//! # Errors
//!
//! The browser gets a [`CheckoutProblem`], which is a closed set, and never Kelviq's own error message. It also gets the
//! reference under which the server has logged the cause, with or without JavaScript. To translate the messages, set a
//! component's `message` to a function or a closure:
//!
//! ```
//! use kelviq_leptos::{CheckoutButton, CheckoutError, CheckoutProblem};
//! use leptos::prelude::*;
//!
//! fn auf_deutsch(error: &CheckoutError) -> String {
//!     match error.problem() {
//!         CheckoutProblem::InvalidQuantity => "Diese Anzahl gibt es nicht.".into(),
//!         _ => "Das hat nicht geklappt. Es wurde nichts abgebucht.".into(),
//!     }
//! }
//!
//! #[component]
//! fn Preise() -> impl IntoView {
//!     view! {
//!         <CheckoutButton offer="pro-monthly" busy="Einen Moment …" message=auf_deutsch>"Pro holen"</CheckoutButton>
//!     }
//! }
//! ```
//!
//! # Features
//!
//! | feature | default | purpose |
//! |---|---|---|
//! | `ssr` | no | the server: renders the components, and adds [`CheckoutLayer`], [`checkout`] and [`entitlements`] |
//! | `hydrate` | no | the browser: hydrates the components, without any dependency of the server |
//! | `router` | no | the browser: [`use_reference`] and [`CheckoutStatus`] follow the URL of `leptos_router` |
//!
//! The first two enable the feature of `leptos` with the same name. A client-only application (`leptos/csr`) enables
//! neither. The application's `Cargo.toml`, with everything that the examples here need:
//!
//! ```toml
//! [dependencies]
//! axum = { version = "0.8", optional = true }
//! kelviq-axum = { version = "0.1", optional = true }
//! kelviq-core = { version = "0.1", default-features = false }
//! kelviq-leptos = { version = "0.1", features = ["router"] }
//! leptos = "0.8"
//! leptos_axum = { version = "0.8", optional = true }
//! leptos_router = "0.8"
//! serde = { version = "1", features = ["derive"] }
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"], optional = true }
//!
//! [features]
//! ssr = [
//!     "leptos/ssr",
//!     "leptos_router/ssr",
//!     "kelviq-leptos/ssr",
//!     "dep:axum",
//!     "dep:kelviq-axum",
//!     "dep:leptos_axum",
//!     "dep:tokio",
//! ]
//! hydrate = ["leptos/hydrate", "kelviq-leptos/hydrate"]
//! ```
//!
//! `leptos_router` is for applications with a `<Router>` only, and `serde` for types that server functions receive or
//! return. `kelviq-core` has `ChargePeriod` and `#[derive(CheckoutMetadata)]`.
//!
//! # Recipes
//!
//! `docs/recipes.md` in the repository has buttons in a loop, translated messages, the status with a router, client-only
//! applications, islands, lazy routes and applications below a path. Its code is tested.

#[cfg(not(feature = "ssr"))]
mod browser;
mod buyer_redirect;
mod checkout_error;
#[cfg(feature = "ssr")]
mod checkout_layer;
mod compat;
mod components;
mod lookup;
mod page_query;
mod platform;
#[cfg(doctest)]
#[doc = include_str!("../../docs/recipes.md")]
mod recipes {}
#[cfg(feature = "ssr")]
mod server;
mod server_fn_error;
mod server_fns;

pub use kelviq_core::CheckoutProblem;

pub use self::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError, components::*};
#[cfg(feature = "ssr")]
pub use self::{
    checkout_layer::{CheckoutFuture, CheckoutLayer, CheckoutService},
    server::{ServerCheckout, ServerCheckoutBuilder, checkout, entitlements},
};
