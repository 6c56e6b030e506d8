//! The object of an event, by event type.

use super::{
    event_object::EventObject,
    event_type::EventType,
    models::{
        checkout_completed::CheckoutCompleted, customer::Customer, invoice::Invoice, order::Order,
        payment_method::PaymentMethod, refund::Refund, subscription::Subscription,
        usage_alert::UsageAlert,
    },
};
use crate::{
    json_text::JsonText,
    metadata::{from_metadata::FromMetadata, object::Metadata},
};

/// The object of an event, by event type.
///
/// New event types and fields at Kelviq are not errors. An event type without a variant is [`Other`](Self::Other), and the
/// JSON of every event remains available through [`VerifiedEvent::object_json`](crate::VerifiedEvent::object_json).
///
/// `M` is the type of the checkout's metadata. The default, [`Metadata`](crate::Metadata), accepts any metadata.
/// [`VerifiedEvent::data`](crate::VerifiedEvent::data) and [`VerifiedEvent::data_as`](crate::VerifiedEvent::data_as) return it.
///
/// `Debug` shows ids, types, statuses and amounts. It redacts names, addresses, card details, discount codes,
/// links and metadata.
///
/// ```
/// use kelviq_core::{EventData, OrderStatus, VerifiedEvent};
///
/// fn on_event(event: &VerifiedEvent) {
///     match event.data() {
///         EventData::CheckoutCompleted(session) => match session.metadata {
///             Ok(metadata) => println!("fulfil {:?}", metadata.get_json("order_ref")),
///             Err(error) => println!("invalid metadata in event {}: {error}", event.id()),
///         },
///         EventData::OrderRefunded(order) => match order.status {
///             Some(OrderStatus::PartialRefund) => println!("order {:?} is partially refunded", order.id),
///             _ => println!("order {:?} is refunded", order.id),
///         },
///         EventData::SubscriptionCancelled(subscription) => {
///             println!("access ends on {:?}", subscription.end_date);
///         }
///         EventData::Other { event_type, object } => {
///             println!("unknown event type {event_type}: {} bytes", object.as_json().len());
///         }
///         _ => {}
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventData<M = Metadata> {
    /// `checkout.completed`: the buyer has paid.
    CheckoutCompleted(CheckoutCompleted<M>),
    /// `customer.created`: a customer was created.
    CustomerCreated(Customer),
    /// `customer.updated`: a customer was changed.
    CustomerUpdated(Customer),
    /// `order.created`: an order was created.
    OrderCreated(Order),
    /// `order.updated`: an order was changed.
    OrderUpdated(Order),
    /// `order.refunded`: an order was refunded, fully or partially.
    OrderRefunded(Order),
    /// `subscription.created`: a subscription was created.
    SubscriptionCreated(Subscription),
    /// `subscription.updated`: a subscription was changed.
    SubscriptionUpdated(Subscription),
    /// `subscription.cancelled`: a subscription was cancelled. It can remain active until its end date.
    SubscriptionCancelled(Subscription),
    /// `subscription.plan_changed`: a customer changed the plan.
    /// [`VerifiedEvent::previous`](crate::VerifiedEvent::previous) returns the previous subscription.
    SubscriptionPlanChanged(Subscription),
    /// `feature.usage_alert`: a customer's usage of a feature reached a threshold.
    FeatureUsageAlert(UsageAlert),
    /// `invoice.created`: an invoice was created.
    InvoiceCreated(Invoice),
    /// `invoice.paid`: an invoice was paid.
    InvoicePaid(Invoice),
    /// `invoice.payment_failed`: the payment of an invoice failed.
    InvoicePaymentFailed(Invoice),
    /// `refund.created`: a refund was created.
    RefundCreated(Refund),
    /// `refund.updated`: a refund was changed.
    RefundUpdated(Refund),
    /// `payment_method.created`: a payment method was saved for a customer.
    PaymentMethodCreated(PaymentMethod),
    /// `payment_method.updated`: a payment method was changed.
    PaymentMethodUpdated(PaymentMethod),
    /// `payment_method.deleted`: a payment method was deleted.
    PaymentMethodDeleted(PaymentMethod),
    /// Any other event. [`VerifiedEvent::object`](crate::VerifiedEvent::object) deserializes its object as a known type.
    Other {
        /// The type of the event (`type`).
        event_type: EventType,
        /// The unchanged JSON of `data.object`.
        object: JsonText,
    },
}

impl<M> EventData<M> {
    /// Returns the customer of the event, for every type except [`Other`](Self::Other).
    ///
    /// The [`kelviq_customer_id`](Customer::kelviq_customer_id) identifies the customer across events.
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
    /// Deserializes the JSON of `data.object` according to the event type.
    pub(super) fn from_object(event_type: &EventType, object: &str, event_id: &str) -> Self {
        match event_type {
            EventType::CheckoutCompleted => {
                let session: CheckoutCompleted<M> = read(object);
                Self::CheckoutCompleted(session.with_event_id(event_id))
            }
            EventType::CustomerCreated => Self::CustomerCreated(read(object)),
            EventType::CustomerUpdated => Self::CustomerUpdated(read(object)),
            EventType::OrderCreated => Self::OrderCreated(read(object)),
            EventType::OrderUpdated => Self::OrderUpdated(read(object)),
            EventType::OrderRefunded => Self::OrderRefunded(read(object)),
            EventType::SubscriptionCreated => Self::SubscriptionCreated(read(object)),
            EventType::SubscriptionUpdated => Self::SubscriptionUpdated(read(object)),
            EventType::SubscriptionCancelled => Self::SubscriptionCancelled(read(object)),
            EventType::SubscriptionPlanChanged => Self::SubscriptionPlanChanged(read(object)),
            EventType::FeatureUsageAlert => Self::FeatureUsageAlert(read(object)),
            EventType::InvoiceCreated => Self::InvoiceCreated(read(object)),
            EventType::InvoicePaid => Self::InvoicePaid(read(object)),
            EventType::InvoicePaymentFailed => Self::InvoicePaymentFailed(read(object)),
            EventType::RefundCreated => Self::RefundCreated(read(object)),
            EventType::RefundUpdated => Self::RefundUpdated(read(object)),
            EventType::PaymentMethodCreated => Self::PaymentMethodCreated(read(object)),
            EventType::PaymentMethodUpdated => Self::PaymentMethodUpdated(read(object)),
            EventType::PaymentMethodDeleted => Self::PaymentMethodDeleted(read(object)),
            EventType::Other(_) => Self::Other {
                event_type: event_type.clone(),
                object: JsonText::new(object),
            },
        }
    }
}

fn read<T: EventObject>(object: &str) -> T {
    T::from_json(object)
}
