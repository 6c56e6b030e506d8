//! The objects of events, one file for each kind.

mod checkout_completed;
mod customer;
mod invoice;
mod order;
mod payment_method;
mod product;
mod refund;
mod subscription;
mod usage_alert;

pub use self::{
    checkout_completed::{CheckoutCompleted, CheckoutData, SessionStatus},
    customer::{BillingAddress, Customer},
    invoice::{Invoice, InvoiceStatus},
    order::{BillingType, Order, OrderStatus},
    payment_method::{PaymentMethod, PaymentMethodData, PaymentMethodStatus},
    product::{Plan, Product},
    refund::{Refund, RefundReason, RefundStatus},
    subscription::{Subscription, SubscriptionStatus},
    usage_alert::{AlertFeature, FeatureType, ThresholdType, UsageAlert},
};
