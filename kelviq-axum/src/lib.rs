//! Sells through Kelviq from an axum application: drop-in checkout routes, an extractor for custom handlers, and
//! verified webhooks that are handled once.
//!
//! # Drop-in routes
//!
//! The browser sends the name of an offer. The server provides the plan, the price and the buyer.
//!
//! ```no_run
//! use axum::Router;
//! use kelviq_axum::{Offer, Offers, Shop, routes};
//! use kelviq_core::{ChargePeriod, Kelviq};
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
//! # Custom handlers and the webhook
//!
//! See [`Checkout`] and [`webhook`].
//!
//! # Features
//!
//! | feature | default | description |
//! |---|---|---|
//! | `fake` | no | [`fake::FakeKelviq`], a fake of Kelviq's API for tests and local development |
//! | `sqlite` | no | `SqliteStore`, a durable store for an application on one machine |
//! | `postgres` | no | `PostgresStore`, a durable store for an application with any number of replicas |
//! | `metrics` | no | counters, histograms and gauges through the [`metrics`](https://docs.rs/metrics) facade, which `docs/operations.md` lists |
//! | `contract` | no | `contract`, a test suite for inboxes and stores that you write |
//!
//! The features `sqlite` and `postgres` require Rust 1.94 and sqlx 0.9 in the application; everything else requires
//! Rust 1.88.

mod address;
mod body;
mod byte_budget;
mod checkout;
mod config_error;
#[cfg(feature = "contract")]
pub mod contract;
mod cors;
mod customers;
mod digest;
mod entitlements;
mod failure_log;
#[cfg(feature = "fake")]
pub mod fake;
mod metrics;
mod offers;
mod panics;
mod portal;
mod reference;
mod rejection;
mod request;
mod response;
mod run_to_end;
mod sessions;
mod shop;
mod short_timer;
mod store;
mod webhook;

pub use kelviq_core;
pub use kelviq_core::CheckoutProblem;

#[cfg(feature = "postgres")]
pub use self::store::sql::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::store::sql::sqlite::SqliteStore;
pub use self::{
    checkout::{
        builder::CheckoutBuilder, checkout_return::CheckoutReturn, extractor::Checkout,
        redirect::CheckoutRedirect,
    },
    config_error::ConfigError,
    entitlements::{access::Access, error::EntitlementsError},
    offers::{
        builder::OffersBuilder,
        buyer::{Anonymous, Buyer},
        catalogue::Offers,
        form_fields::FormFields,
        offer::Offer,
        quantity::Quantity,
        return_path::ReturnPath,
        routes::routes,
        sale::Sale,
        sell_error::SellError,
        sign_in::SignIn,
    },
    portal::{redirect::PortalRedirect, route::portal},
    reference::{ParseReferenceError, Reference},
    rejection::Rejection,
    request::response_format::ResponseFormat,
    response::{page::Page, resume_page::ResumePage},
    sessions::checkout_state::CheckoutState,
    shop::Shop,
    store::{
        store_trait::Store,
        stored_event::{DueEvent, FailedEvent, StoreStatus, StoredEvent},
        transaction::{CompleteError, StoreTransaction},
    },
    webhook::{
        event::Event,
        extract::Webhook,
        inbox::{Claim, ClaimToken, Inbox},
        memory_inbox::MemoryInbox,
        reconcile::Reconciled,
        reconcile_error::ReconcileError,
        rejection::{EventRejection, WebhookRejection},
        route::webhook,
        webhooks::Webhooks,
    },
};

/// Items for kelviq-leptos. They are exempt from semantic versioning.
#[doc(hidden)]
pub mod __internal {
    pub use crate::{
        metrics::request_rejected,
        reference::random_reference,
        request::form::read_form,
        sessions::awaited_session::{AwaitedSession, FoundSession, awaited_sessions, find_session},
    };
}
