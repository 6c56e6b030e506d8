//! Orders: the objects of `order.created`, `order.updated` and `order.refunded`.

use super::{Customer, Plan, Product};
use crate::{DecimalText, JsonText, model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// An order: one payment, for something bought once or for a period of a subscription.
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
        /// How far the order is.
        pub status: Option<OrderStatus>,
        /// Whether it is for something bought once, or for a subscription.
        pub billing_type: Option<BillingType>,
        /// Kelviq's own id of the customer, a UUID. The app's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// Who ordered.
        pub customer: Option<Customer>,
        /// Whether it renews a subscription, rather than begin one.
        pub is_renewal: Option<bool>,
        /// When it was paid, RFC 3339.
        pub paid_at: Option<String>,
        /// In the major unit of the currency, e.g. `10.00`.
        pub amount_total: Option<DecimalText>,
        /// In the minor unit of the currency, e.g. cents. Use this or `amount_total`; never derive one from the other.
        pub amount_total_units: Option<i64>,
        /// ISO 4217, e.g. `USD`.
        pub currency: Option<String>,
        /// The id of the subscription that it belongs to.
        pub subscription_id: Option<String>,
        /// What the plan belongs to.
        pub product: Option<Product>,
        /// What was ordered.
        pub plan: Option<Plan>,
        /// The features that were ordered. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the order was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the order last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for Order {}

open_enum! {
    /// How far an order is.
    ///
    /// ```
    /// use kelviq_core::{Order, OrderStatus};
    ///
    /// fn grants_access(order: &Order) -> bool {
    ///     matches!(order.status, Some(OrderStatus::Complete | OrderStatus::PartialRefund))
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

open_enum! {
    /// Whether something is bought once, or subscribed to.
    ///
    /// ```
    /// use kelviq_core::{BillingType, CheckoutCompleted};
    ///
    /// fn on_paid(session: &CheckoutCompleted) {
    ///     match session.checkout_type {
    ///         Some(BillingType::OneTime) => println!("deliver now"),
    ///         Some(BillingType::Subscription) => println!("subscription.created says until when"),
    ///         _ => println!("look at the session {:?}", session.session_id),
    ///     }
    /// }
    /// ```
    pub enum BillingType {
        OneTime = "ONE_TIME",
        Subscription = "SUBSCRIPTION",
    }
}
