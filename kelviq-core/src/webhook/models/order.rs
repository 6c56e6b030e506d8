//! Orders: the object of `order.created`, `order.updated` and `order.refunded`.

use super::{
    billing_type::BillingType,
    customer::Customer,
    product::{Plan, Product},
};
use crate::{
    decimal_text::DecimalText, json_text::JsonText, model::model, open_enum::open_enum,
    time_text::TimeText, webhook::event_object::EventObject,
};

model! {
    /// An order, the object of `order.created`, `order.updated` and `order.refunded`.
    ///
    /// An order is one payment, for a one-time purchase or for one billing period of a subscription.
    ///
    /// ```
    /// use kelviq_core::Order;
    ///
    /// fn on_order_created(order: &Order) {
    ///     if order.is_renewal == Some(true) {
    ///         println!("order {:?} extends subscription {:?}", order.id, order.subscription_id);
    ///     } else {
    ///         println!("order {:?} is new, for {:?}", order.id, order.plan);
    ///     }
    /// }
    /// ```
    pub struct Order {
        /// The order's id, `ORD-…`.
        pub id: Option<String>,
        /// The status.
        pub status: Option<OrderStatus>,
        /// Whether this is a one-time purchase or a subscription.
        pub billing_type: Option<BillingType>,
        /// Kelviq's id of the customer, a UUID. The application's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// The customer.
        pub customer: Option<Customer>,
        /// Whether the order renews a subscription rather than starting one.
        pub is_renewal: Option<bool>,
        /// When the order was paid, in RFC 3339 format.
        pub paid_at: Option<TimeText>,
        /// The amount in the major unit of the currency, e.g. `10.00`.
        pub amount_total: Option<DecimalText>,
        /// The amount in the minor unit of the currency, e.g. cents. Use either this or `amount_total`. Do not derive one from the other.
        pub amount_total_units: Option<i64>,
        /// The ISO 4217 currency code, e.g. `USD`.
        pub currency: Option<String>,
        /// The id of the subscription, if there is one.
        pub subscription_id: Option<String>,
        /// The product that the plan belongs to.
        pub product: Option<Product>,
        /// The plan that was ordered.
        pub plan: Option<Plan>,
        /// The features that were ordered. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the order was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the order was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for Order {
    const KIND: &str = "order";
}

open_enum! {
    /// The status of an order.
    ///
    /// ```
    /// use kelviq_core::{Order, OrderStatus};
    ///
    /// /// Returns `None` for a status that Kelviq has added: keep the order for a person to look at.
    /// fn grants_access(order: &Order) -> Option<bool> {
    ///     match order.status.as_ref()? {
    ///         OrderStatus::Complete | OrderStatus::PartialRefund => Some(true),
    ///         OrderStatus::Pending | OrderStatus::Failed | OrderStatus::Refunded => Some(false),
    ///         OrderStatus::Cancelled | OrderStatus::Fraudulent => Some(false),
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub enum OrderStatus {
        Pending = "PENDING",
        /// Paid.
        Complete = "COMPLETE",
        Failed = "FAILED",
        Refunded = "REFUNDED",
        PartialRefund = "PARTIAL_REFUND",
        Cancelled = "CANCELLED",
        Fraudulent = "FRAUDULENT",
    }
}
