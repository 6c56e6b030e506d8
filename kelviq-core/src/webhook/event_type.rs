//! The type of an event.

use crate::open_enum::open_enum;

open_enum! {
    /// The type of an event (`type`).
    ///
    /// Kelviq can add types. [`Other`](Self::Other) contains the types without a variant.
    ///
    /// ```
    /// use kelviq_core::{EventType, VerifiedEvent};
    ///
    /// fn queue(event: &VerifiedEvent) -> Option<&'static str> {
    ///     match event.event_type() {
    ///         EventType::CheckoutCompleted | EventType::OrderRefunded => Some("orders"),
    ///         EventType::InvoicePaymentFailed => Some("reminders"),
    ///         EventType::Other(name) if name.starts_with("subscription.") => Some("subscriptions"),
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub enum EventType {
        /// A buyer has paid. Fulfil the order on this event.
        CheckoutCompleted = "checkout.completed",
        CustomerCreated = "customer.created",
        CustomerUpdated = "customer.updated",
        OrderCreated = "order.created",
        OrderUpdated = "order.updated",
        OrderRefunded = "order.refunded",
        SubscriptionCreated = "subscription.created",
        SubscriptionUpdated = "subscription.updated",
        SubscriptionCancelled = "subscription.cancelled",
        SubscriptionPlanChanged = "subscription.plan_changed",
        FeatureUsageAlert = "feature.usage_alert",
        InvoiceCreated = "invoice.created",
        InvoicePaid = "invoice.paid",
        InvoicePaymentFailed = "invoice.payment_failed",
        RefundCreated = "refund.created",
        RefundUpdated = "refund.updated",
        PaymentMethodCreated = "payment_method.created",
        PaymentMethodUpdated = "payment_method.updated",
        PaymentMethodDeleted = "payment_method.deleted",
    }
}
