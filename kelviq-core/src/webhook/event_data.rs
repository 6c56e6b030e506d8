//! What is in an event, by its type.

use super::{
    CheckoutCompleted, Customer, EventType, Invoice, Order, PaymentMethod, Refund, Subscription,
    UsageAlert, VerifiedEvent,
};
use crate::{FromMetadata, JsonText};

/// What is in an event, by its type. New types and fields never fail: they stay readable as JSON.
///
/// `M` is what the checkout's metadata is read as; [`Metadata`](crate::Metadata) takes it as it is.
///
/// `Debug` shows ids, types, statuses and amounts, but no names, addresses, cards, links or metadata.
///
/// ```
/// use kelviq_core::{EventData, Metadata, OrderStatus, VerifiedEvent};
///
/// fn on_event(event: &VerifiedEvent) {
///     match event.data::<Metadata>() {
///         EventData::CheckoutCompleted(session) => match session.metadata {
///             Ok(metadata) => println!("fulfil {:?}", metadata.get_json("order_ref")),
///             Err(error) => println!("look at the event {}: {error}", event.id()),
///         },
///         EventData::OrderRefunded(order) if order.status == Some(OrderStatus::PartialRefund) => {
///             println!("a part of order {:?} is paid back", order.id);
///         }
///         EventData::SubscriptionCancelled(subscription) => {
///             println!("access ends on {:?}", subscription.end_date);
///         }
///         EventData::Other { event_type, object } => {
///             println!("{event_type} is new, with {} bytes", object.as_json().len());
///         }
///         _ => {}
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "one event lives at a time, and a box would stand in every handler's pattern"
)]
pub enum EventData<M = crate::Metadata> {
    /// `checkout.completed`: the buyer has paid.
    CheckoutCompleted(CheckoutCompleted<M>),
    /// `customer.created`: there is a new customer.
    CustomerCreated(Customer),
    /// `customer.updated`: a customer has changed.
    CustomerUpdated(Customer),
    /// `order.created`: there is a new order.
    OrderCreated(Order),
    /// `order.updated`: an order has changed.
    OrderUpdated(Order),
    /// `order.refunded`: an order, or a part of it, is paid back.
    OrderRefunded(Order),
    /// `subscription.created`: a subscription begins.
    SubscriptionCreated(Subscription),
    /// `subscription.updated`: a subscription has changed.
    SubscriptionUpdated(Subscription),
    /// `subscription.cancelled`: a subscription is cancelled; it may run until its end date.
    SubscriptionCancelled(Subscription),
    /// `subscription.plan_changed`: a customer moved to another plan. The subscription of before is
    /// [`VerifiedEvent::previous`].
    SubscriptionPlanChanged(Subscription),
    /// `feature.usage_alert`: a customer's usage of a feature has reached a threshold.
    FeatureUsageAlert(UsageAlert),
    /// `invoice.created`: there is a new invoice.
    InvoiceCreated(Invoice),
    /// `invoice.paid`: an invoice is paid.
    InvoicePaid(Invoice),
    /// `invoice.payment_failed`: an invoice could not be paid.
    InvoicePaymentFailed(Invoice),
    /// `refund.created`: there is a new refund.
    RefundCreated(Refund),
    /// `refund.updated`: a refund has changed.
    RefundUpdated(Refund),
    /// `payment_method.created`: a customer has a new payment method.
    PaymentMethodCreated(PaymentMethod),
    /// `payment_method.updated`: a payment method has changed.
    PaymentMethodUpdated(PaymentMethod),
    /// `payment_method.deleted`: a payment method is gone.
    PaymentMethodDeleted(PaymentMethod),
    /// Any other event. [`VerifiedEvent::object`] reads it as one of the objects here, where it is one.
    Other {
        /// The `type`.
        event_type: EventType,
        /// `data.object`, as it came.
        object: JsonText,
    },
}

impl<M> EventData<M> {
    /// The customer whom the event is about, for every type but [`Other`](Self::Other). Join events on its
    /// [`kelviq_customer_id`](Customer::kelviq_customer_id).
    pub fn customer(&self) -> Option<&Customer> {
        match self {
            Self::CheckoutCompleted(session) => session.customer.as_ref(),
            Self::CustomerCreated(customer) | Self::CustomerUpdated(customer) => Some(customer),
            Self::OrderCreated(order) | Self::OrderUpdated(order) | Self::OrderRefunded(order) => {
                order.customer.as_ref()
            }
            Self::SubscriptionCreated(subscription)
            | Self::SubscriptionUpdated(subscription)
            | Self::SubscriptionCancelled(subscription)
            | Self::SubscriptionPlanChanged(subscription) => subscription.customer.as_ref(),
            Self::FeatureUsageAlert(alert) => alert.customer.as_ref(),
            Self::InvoiceCreated(invoice)
            | Self::InvoicePaid(invoice)
            | Self::InvoicePaymentFailed(invoice) => invoice.customer.as_ref(),
            Self::RefundCreated(refund) | Self::RefundUpdated(refund) => refund.customer.as_ref(),
            Self::PaymentMethodCreated(method)
            | Self::PaymentMethodUpdated(method)
            | Self::PaymentMethodDeleted(method) => method.customer.as_ref(),
            Self::Other { .. } => None,
        }
    }
}

impl<M: FromMetadata> EventData<M> {
    pub(super) fn read(event: &VerifiedEvent) -> Self {
        match event.event_type() {
            EventType::CheckoutCompleted => Self::CheckoutCompleted(event.object()),
            EventType::CustomerCreated => Self::CustomerCreated(event.object()),
            EventType::CustomerUpdated => Self::CustomerUpdated(event.object()),
            EventType::OrderCreated => Self::OrderCreated(event.object()),
            EventType::OrderUpdated => Self::OrderUpdated(event.object()),
            EventType::OrderRefunded => Self::OrderRefunded(event.object()),
            EventType::SubscriptionCreated => Self::SubscriptionCreated(event.object()),
            EventType::SubscriptionUpdated => Self::SubscriptionUpdated(event.object()),
            EventType::SubscriptionCancelled => Self::SubscriptionCancelled(event.object()),
            EventType::SubscriptionPlanChanged => Self::SubscriptionPlanChanged(event.object()),
            EventType::FeatureUsageAlert => Self::FeatureUsageAlert(event.object()),
            EventType::InvoiceCreated => Self::InvoiceCreated(event.object()),
            EventType::InvoicePaid => Self::InvoicePaid(event.object()),
            EventType::InvoicePaymentFailed => Self::InvoicePaymentFailed(event.object()),
            EventType::RefundCreated => Self::RefundCreated(event.object()),
            EventType::RefundUpdated => Self::RefundUpdated(event.object()),
            EventType::PaymentMethodCreated => Self::PaymentMethodCreated(event.object()),
            EventType::PaymentMethodUpdated => Self::PaymentMethodUpdated(event.object()),
            EventType::PaymentMethodDeleted => Self::PaymentMethodDeleted(event.object()),
            EventType::Other(_) => Self::Other {
                event_type: event.event_type().clone(),
                object: JsonText::new(event.object_json()),
            },
        }
    }
}
