//! Sell through Kelviq from a Leptos application.
//!
//! [`CheckoutButton`] is a real form, rendered on the server, that works without JavaScript. It posts to the route that
//! `kelviq_axum::routes` serves, which knows the plan, the price and the buyer.
//!
//! ```
//! use kelviq_leptos::CheckoutButton;
//! use leptos::prelude::*;
//!
//! #[component]
//! fn Plans() -> impl IntoView {
//!     view! {
//!         <h1>"Plans"</h1>
//!         <CheckoutButton offer="pro-monthly" attr:class="primary">"Go Pro"</CheckoutButton>
//!     }
//! }
//! ```
//!
//! | feature | default | what it is for |
//! |---|---|---|
//! | `ssr` | no | the server, which renders the pages |
//! | `hydrate` | no | the browser, which takes the rendered pages over |
//!
//! Each switches on the feature of `leptos` by the same name; forward both from the application's own:
//!
//! ```toml
//! [features]
//! ssr = ["leptos/ssr", "kelviq-leptos/ssr"]
//! hydrate = ["leptos/hydrate", "kelviq-leptos/hydrate"]
//! ```

mod checkout_button;

// With what the `component` macro makes beside each of them.
pub use self::checkout_button::*;
