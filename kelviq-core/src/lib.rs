//! What a Kelviq checkout is: the request, the session, the metadata, the signed events, and the client that asks for
//! them.
//!
//! Applications usually reach this crate through `kelviq-axum` or `kelviq-leptos`, which re-export it.
//!
//! # A checkout
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
//!     let request = CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), "https://app.example.com/thanks")
//!         .customer_id("cust_789")
//!         .metadata(OrderMetadata { order_ref });
//!     let session = kelviq.create_checkout_session(&request).await?;
//!     Ok(session.checkout_url)
//! }
//! # }
//! ```
//!
//! # Its webhook
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
//!     if let EventData::CheckoutCompleted(session) = event.data::<OrderMetadata>() {
//!         match session.metadata {
//!             Ok(order) => println!("fulfil {}", order.order_ref),
//!             Err(error) => eprintln!("look at the event {}: {error}", event.id()),
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `client` | yes | the API client, `Kelviq`, and the requests that it sends |
//!
//! Without default features, metadata, events, signatures and the problems that a buyer may hear of remain, without
//! reqwest and tokio, on `wasm32` too.

#[cfg(feature = "client")]
mod checkout;
#[cfg(feature = "client")]
mod client;
mod env;
mod error;
mod json;
mod metadata;
mod model;
mod open_enum;
#[cfg(feature = "client")]
mod portal;
mod problem;
#[cfg(feature = "client")]
mod sessions;
mod text;
mod webhook;

#[cfg(feature = "client")]
pub use self::{
    checkout::{
        Amount, ChargePeriod, CheckoutLink, CheckoutPlan, CheckoutSession, CreateCheckoutSession,
        CustomAmount, TaxBehavior,
    },
    client::{Environment, Kelviq, KelviqBuilder},
    portal::PortalSession,
    sessions::{
        CheckoutSessionDetails, ListCheckoutSessions, SessionCustomer, SessionOrder,
        SessionPaymentMethod, SessionProduct, SessionSubscription, TimelineEvent, TimelineStatus,
    },
};
pub use self::{
    error::{Error, ErrorKind, FieldError},
    metadata::{
        CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataKeys, MetadataReader,
        MetadataWriter, ToMetadata,
    },
    problem::CheckoutProblem,
    text::{DecimalText, JsonText},
    webhook::{
        AlertFeature, BillingAddress, BillingType, CheckoutCompleted, CheckoutData, Customer,
        EventData, EventObject, EventType, FeatureType, Invoice, InvoiceStatus, Order, OrderStatus,
        PaymentMethod, PaymentMethodData, PaymentMethodStatus, Plan, Product, Refund, RefundReason,
        RefundStatus, SessionStatus, Subscription, SubscriptionStatus, ThresholdType, UsageAlert,
        VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
    },
};

#[doc(hidden)]
pub use self::metadata::private as __private;
