//! Sell through Kelviq from a Leptos application.
//!
//! # A button
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
//! It names an offer; the server knows the plan, the price and the buyer. The application says which, in one layer around
//! its Leptos routes, with the same `Offers` that `kelviq_axum::routes` takes:
//!
//! ```
//! # #[cfg(feature = "ssr")]
//! # mod server {
//! use axum::Router;
//! use kelviq_axum::{ConfigError, Offer, Offers, Shop, kelviq_core::ChargePeriod};
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
//! | component | what it is |
//! |---|---|
//! | [`CheckoutButton`] | sells an offer, with [`QuantityInput`]s where the offer lets the buyer choose |
//! | [`CheckoutForm`] | sells what a server function of the application's own says |
//! | [`CheckoutStatus`] | on the success page: says the truth while it waits, then shows what was bought |
//! | [`PortalButton`] | opens the customer portal |
//!
//! # Rendering modes
//!
//! Each component is a plain form or page that works without JavaScript, and a better one once the browser's side has taken
//! it over: it is the same in a page that is rendered whole or streamed, in order or out of order, with a `<Router>` or
//! without one. In islands mode it is taken over where it stands in an island of the application's:
//!
//! ```ignore
//! #[island]
//! fn GoPro() -> impl IntoView {
//!     view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
//! }
//! ```
//!
//! A page with a `Content-Security-Policy` needs `kelviq_axum::Shop::form_action_sources()` in its `form-action`; nothing
//! here needs a script or style of its own.
//!
//! # What the browser gets
//!
//! Of an error, a [`CheckoutProblem`] out of a closed set; a script also gets the reference that stands in the log beside
//! the cause. Each component takes a `message`, for a page in another language:
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
//! | feature | default | what it is for |
//! |---|---|---|
//! | `ssr` | no | the server: renders the components, and has [`CheckoutLayer`] and [`checkout`] |
//! | `hydrate` | no | the browser, which takes the rendered pages over. Nothing of the server is in it |
//!
//! Each switches on the feature of `leptos` by the same name; forward both from the application's own:
//!
//! ```toml
//! [features]
//! ssr = ["leptos/ssr", "kelviq-leptos/ssr", "dep:kelviq-axum"]
//! hydrate = ["leptos/hydrate", "kelviq-leptos/hydrate"]
//! ```

#[cfg(not(feature = "ssr"))]
mod browser;
mod checkout_button;
mod checkout_form;
mod checkout_status;
mod error;
mod form;
mod plain_form;
mod portal_button;
mod quantity_input;
mod redirect;
#[cfg(feature = "ssr")]
mod server;
mod watch;

pub use kelviq_core::CheckoutProblem;

#[cfg(feature = "ssr")]
pub use self::server::{Checkout, CheckoutBuilder, CheckoutLayer, CheckoutService, checkout};
// The components with what the `component` macro makes beside each of them.
pub use self::{
    checkout_button::*, checkout_form::*, checkout_status::*, error::CheckoutError,
    portal_button::*, quantity_input::*, redirect::CheckoutRedirect,
};
