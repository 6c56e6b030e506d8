//! An API client, typed metadata and webhook verification for the payment provider Kelviq.
//!
//! - [`Kelviq`] is the API client. It writes customers, creates checkout sessions, retrieves and lists them, lists
//!   subscriptions, retrieves entitlements, and opens the customer portal.
//! - [`CheckoutMetadata`] is a derive macro that converts between a struct and the metadata of a checkout.
//! - [`WebhookVerifier`] verifies webhook deliveries and returns each as a [`VerifiedEvent`].
//! - [`Error`] is the error type. [`CheckoutProblem`] is its counterpart for buyers.
//!
//! Applications that use axum or Leptos usually depend on `kelviq-axum` or `kelviq-leptos`, which build on this crate.
//!
//! # Creating a checkout session
//!
//! ```
//! # #[cfg(feature = "client")]
//! # mod example {
//! use kelviq_core::{ChargePeriod, CheckoutMetadata, CheckoutPlan, CreateCheckoutSession, Error, Kelviq};
//!
//! #[derive(CheckoutMetadata)]
//! struct OrderMetadata {
//!     order_ref: String,
//! }
//!
//! async fn checkout_url(kelviq: &Kelviq, order_ref: String) -> Result<String, Error> {
//!     let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
//!     let request = CreateCheckoutSession::new(plan, "https://app.example.com/thanks")
//!         .customer_id("cust_789")
//!         .metadata(OrderMetadata { order_ref });
//!     let session = kelviq.create_checkout_session(&request).await?;
//!     Ok(session.checkout_url)
//! }
//! # }
//! ```
//!
//! # Handling the webhook
//!
//! When the buyer has paid, Kelviq sends the event `checkout.completed` with the metadata of the checkout session.
//!
//! ```
//! use kelviq_core::{Error, EventData, WebhookHeaders, WebhookVerifier};
//! # use kelviq_core::CheckoutMetadata;
//! # #[derive(CheckoutMetadata)]
//! # struct OrderMetadata {
//! #     order_ref: String,
//! # }
//!
//! fn on_delivery(verifier: &WebhookVerifier, headers: WebhookHeaders<'_>, body: &[u8]) -> Result<(), Error> {
//!     let event = verifier.verify(headers, body)?;
//!     if let EventData::CheckoutCompleted(session) = event.data_as::<OrderMetadata>() {
//!         match session.metadata {
//!             Ok(order) => println!("fulfil {}", order.order_ref),
//!             Err(error) => eprintln!("invalid metadata in event {}: {error}", event.id()),
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Subscriptions
//!
//! [`Kelviq::entitlements`] returns what a customer may use, [`Kelviq::list_subscriptions`] what the customer has, and
//! [`Subscription::gives_access`] what the state of a subscription means. `docs/subscriptions.md` in the repository has the
//! states and their events.
//!
//! # Features
//!
//! | feature | default | description |
//! |---|---|---|
//! | `client` | yes | the API client, [`Kelviq`], and its requests |
//!
//! Without default features, the crate contains metadata, webhooks and [`CheckoutProblem`]. It then depends on neither
//! reqwest nor tokio, and also builds for `wasm32`.

mod body_text;
#[cfg(feature = "client")]
mod checkout;
mod checkout_problem;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod customers;
mod decimal_text;
#[cfg(feature = "client")]
mod entitlements;
mod error;
mod field_key;
mod json;
mod json_text;
#[cfg(feature = "client")]
mod loopback;
mod metadata;
mod model;
mod open_enum;
#[cfg(feature = "client")]
mod placeholder_host;
mod plain_decimal;
#[cfg(feature = "client")]
mod portal;
mod reference;
#[cfg(feature = "client")]
mod sessions;
mod settings;
mod snake_case;
#[cfg(feature = "client")]
mod subscriptions;
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../../docs/subscriptions.md")]
mod subscriptions_md {}
mod time_text;
#[cfg(feature = "client")]
mod validation;
mod webhook;
#[cfg(feature = "client")]
mod webhook_logs;

#[cfg(feature = "client")]
pub use self::{
    checkout::{
        Amount, ChargePeriod, CheckoutLink, CheckoutPlan, CheckoutSession, CreateCheckoutSession,
        CustomAmount, TaxBehavior,
    },
    client::{Environment, Kelviq, KelviqBuilder, Pages},
    customers::CustomerProfile,
    entitlements::{Entitlement, Entitlements},
    portal::PortalSession,
    sessions::{
        CheckoutSessionDetails, ListCheckoutSessions, SessionCustomer, SessionOrder,
        SessionPaymentMethod, SessionProduct, SessionSubscription, TimelineEvent, TimelineStatus,
    },
    webhook_logs::{ListWebhookLogs, WebhookLog},
};
pub use self::{
    checkout_problem::CheckoutProblem,
    decimal_text::DecimalText,
    error::{Error, ErrorKind, FieldError},
    json_text::JsonText,
    metadata::{
        CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataKeys, MetadataReader,
        MetadataWriter, ToMetadata, bounds,
    },
    time_text::TimeText,
    webhook::{
        AlertFeature, BillingAddress, BillingType, CancellationReason, CheckoutCompleted,
        CheckoutData, Customer, EventData, EventObject, EventSource, EventType, FeatureType,
        Invoice, InvoiceStatus, Order, OrderStatus, PastDue, PaymentMethod, PaymentMethodData,
        PaymentMethodStatus, Plan, Product, PurchaseMatch, Refund, RefundReason, RefundStatus,
        SessionStatus, Subscription, SubscriptionStatus, ThresholdType, UsageAlert, VerifiedEvent,
        WebhookDelivery, WebhookHeaders, WebhookSecret, WebhookVerifier,
    },
};

/// Items for kelviq-axum and kelviq-leptos. They are exempt from semantic versioning.
#[doc(hidden)]
pub mod __internal {
    #[cfg(feature = "client")]
    pub use crate::checkout::{created_session, session_request};
    pub use crate::reference::{REFERENCE_PARAMETER, is_reference};
    #[cfg(feature = "client")]
    pub use crate::sessions::checkout_session_event;
    pub use crate::webhook::{CheckedHeaders, checkout_key, logged_event, stored_event};
    #[cfg(feature = "client")]
    pub use crate::{loopback::is_loopback, placeholder_host::is_placeholder_host};
}

#[doc(hidden)]
pub use self::metadata::private as __private;
