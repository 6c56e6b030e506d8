//! Sell through Kelviq from an axum application: a drop-in checkout route, an extractor for handlers of your own, and
//! signed webhooks that are handled once.
//!
//! # A drop-in route
//!
//! The browser names an offer; the server knows the plan, the price and the buyer.
//!
//! ```no_run
//! use axum::Router;
//! use kelviq_axum::{
//!     Offer, Offers, Shop,
//!     kelviq_core::{ChargePeriod, Kelviq},
//!     routes,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shop = Shop::new(Kelviq::from_env()?, "https://app.example.com")?;
//! let offers = Offers::builder(shop)
//!     .success_path("/thanks")
//!     .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
//!     .offer("team-yearly", Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50))
//!     .build()?;
//!
//! // POST /checkout/pro-monthly → 303 to Kelviq's checkout page
//! let app: Router = Router::new().nest("/checkout", routes(offers));
//! # Ok(())
//! # }
//! ```
//!
//! # A handler of your own, and the webhook
//!
//! See [`Checkout`] and [`webhook`].
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `fake` | no | [`fake::FakeKelviq`], a stand-in for tests and local development |

mod body;
mod checkout;
mod config_error;
mod error_page;
#[cfg(feature = "fake")]
pub mod fake;
mod offers;
mod page;
mod portal;
mod reference;
mod refused;
mod returned;
mod shop;
mod webhook;

pub use kelviq_core;
pub use kelviq_core::CheckoutProblem;

pub use self::{
    checkout::{Checkout, CheckoutBuilder, CheckoutRedirect, CheckoutRejection},
    config_error::ConfigError,
    offers::{
        Anonymous, Buyer, Offer, Offers, OffersBuilder, Quantity, ReturnPath, Sale, SignIn, routes,
    },
    portal::{PortalRedirect, PortalRejection, portal},
    reference::{ParseReferenceError, Reference},
    refused::Refused,
    returned::{CheckoutReturn, CheckoutReturnRejection, CheckoutState},
    shop::Shop,
    webhook::{
        Claim, ClaimToken, Event, EventRejection, Inbox, MemoryInbox, Webhook, WebhookRejection,
        webhook,
    },
};
