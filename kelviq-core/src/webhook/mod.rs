//! Webhooks: signing secrets, verification of deliveries, and events.

mod delivery;
mod event;
mod event_data;
mod event_object;
mod event_type;
mod headers;
pub(crate) mod models;
mod secret;
mod signature_hint;
mod usable_key;
mod verifier;

pub use self::{
    event::VerifiedEvent,
    event_data::EventData,
    event_object::EventObject,
    event_type::EventType,
    headers::WebhookHeaders,
    models::{
        billing_type::BillingType,
        checkout_completed::{CheckoutCompleted, CheckoutData},
        customer::{BillingAddress, Customer},
        invoice::{Invoice, InvoiceStatus},
        order::{Order, OrderStatus},
        payment_method::{PaymentMethod, PaymentMethodData, PaymentMethodStatus},
        product::{Plan, Product},
        refund::{Refund, RefundReason, RefundStatus},
        session_status::SessionStatus,
        subscription::{Subscription, SubscriptionStatus},
        usage_alert::{AlertFeature, FeatureType, ThresholdType, UsageAlert},
    },
    secret::WebhookSecret,
    verifier::WebhookVerifier,
};
