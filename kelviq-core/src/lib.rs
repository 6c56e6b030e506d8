//! What a Kelviq checkout is: the request, the session, the metadata, the signed events, and the client that asks for
//! them.
//!
//! Applications usually reach this crate through `kelviq-axum` or `kelviq-leptos`, which re-export it.
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `client` | yes | the API client, `Kelviq`, and the requests that it sends |
//!
//! Without default features, metadata, events and signatures remain, without reqwest and tokio, on `wasm32` too.

#[cfg(feature = "client")]
mod checkout;
#[cfg(feature = "client")]
mod client;
mod error;
mod json;
mod metadata;
mod model;
mod open_enum;
#[cfg(feature = "client")]
mod portal;
#[cfg(feature = "client")]
mod sessions;
mod text;
mod webhook;

#[cfg(feature = "client")]
pub use self::{
    checkout::{
        Amount, ChargePeriod, CheckoutLink, CheckoutSession, CreateCheckoutSession, CustomAmount,
        Feature, TaxBehavior,
    },
    client::{ApiKey, Environment, Kelviq, KelviqBuilder},
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
    text::{DecimalText, JsonText},
    webhook::{
        AlertFeature, BillingAddress, BillingType, CheckoutCompleted, CheckoutData, CheckoutStatus,
        Customer, EventData, EventObject, EventType, FeatureType, Invoice, InvoiceStatus, Order,
        OrderStatus, PaymentMethod, PaymentMethodData, PaymentMethodStatus, Plan, Product, Refund,
        RefundReason, RefundStatus, Subscription, SubscriptionStatus, ThresholdType, UsageAlert,
        VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
    },
};

#[doc(hidden)]
pub use self::metadata::private as __private;
