//! Webhooks: signing secrets, verification of deliveries, and events.

mod checked_headers;
mod delivery;
mod envelope;
pub(crate) mod event;
mod event_age;
mod event_body;
mod event_customer;
mod event_data;
mod event_object;
pub(crate) mod event_source;
pub(crate) mod event_type;
mod headers;
mod logged_event;
pub(crate) mod models;
mod purchase_match;
mod secret;
mod signature_hint;
mod stored_delivery;
mod stored_event;
mod usable_key;
mod verifier;

pub use self::{
    checked_headers::CheckedHeaders,
    event::VerifiedEvent,
    event_data::EventData,
    event_object::EventObject,
    event_source::EventSource,
    event_type::EventType,
    headers::WebhookHeaders,
    logged_event::logged_event,
    models::{
        billing_type::BillingType,
        checkout_completed::{CheckoutCompleted, CheckoutData, checkout_key},
        customer::{BillingAddress, Customer},
        invoice::{Invoice, InvoiceStatus},
        order::{Order, OrderStatus},
        payment_method::{PaymentMethod, PaymentMethodData, PaymentMethodStatus},
        product::{Plan, Product},
        refund::{Refund, RefundReason, RefundStatus},
        session_status::SessionStatus,
        subscription::{CancellationReason, Subscription, SubscriptionStatus},
        subscription_access::PastDue,
        usage_alert::{AlertFeature, FeatureType, ThresholdType, UsageAlert},
    },
    purchase_match::PurchaseMatch,
    secret::WebhookSecret,
    stored_delivery::WebhookDelivery,
    stored_event::stored_event,
    verifier::WebhookVerifier,
};
