//! One-time purchases and subscriptions.

use crate::open_enum::open_enum;

open_enum! {
    /// Whether a purchase is a one-time purchase or a subscription.
    ///
    /// ```
    /// use kelviq_core::{BillingType, CheckoutCompleted};
    ///
    /// fn on_paid(session: &CheckoutCompleted) {
    ///     match session.checkout_type {
    ///         Some(BillingType::OneTime) => println!("deliver the product"),
    ///         Some(BillingType::Subscription) => println!("wait for subscription.created"),
    ///         _ => println!("check session {:?}", session.session_id),
    ///     }
    /// }
    /// ```
    pub enum BillingType {
        OneTime = "ONE_TIME",
        Subscription = "SUBSCRIPTION",
    }
}
