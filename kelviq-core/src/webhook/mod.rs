//! Webhooks: the signature, the event, and what is in it.

mod event;
mod event_data;
mod event_object;
mod event_type;
mod hint;
mod models;
mod secret;
mod verifier;

pub use self::{
    event::VerifiedEvent,
    event_data::EventData,
    event_object::EventObject,
    event_type::EventType,
    models::{
        AlertFeature, BillingAddress, BillingType, CheckoutCompleted, CheckoutData, Customer,
        FeatureType, Invoice, InvoiceStatus, Order, OrderStatus, PaymentMethod, PaymentMethodData,
        PaymentMethodStatus, Plan, Product, Refund, RefundReason, RefundStatus, SessionStatus,
        Subscription, SubscriptionStatus, ThresholdType, UsageAlert,
    },
    secret::WebhookSecret,
    verifier::{WebhookHeaders, WebhookVerifier},
};
