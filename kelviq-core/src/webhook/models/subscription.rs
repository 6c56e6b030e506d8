//! Subscriptions: the objects of `subscription.created`, `.updated`, `.cancelled` and `.plan_changed`.

use super::{Customer, Plan, Product};
use crate::{DecimalText, JsonText, model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// A subscription.
    ///
    /// A change of plan can end one subscription and begin another: the event `subscription.plan_changed` then carries
    /// the new one, and [`VerifiedEvent::previous`](crate::VerifiedEvent::previous) the old one, whose
    /// [`id`](Self::id) is another.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::SubscriptionCancelled(subscription) = event.data::<Metadata>() {
    ///         // It may run until the end of what is paid.
    ///         println!("{:?} ends on {:?}", subscription.id, subscription.end_date);
    ///     }
    /// }
    /// ```
    pub struct Subscription {
        /// Kelviq's id of the subscription, a UUID.
        pub id: Option<String>,
        /// Whether it is running.
        pub status: Option<SubscriptionStatus>,
        /// What is subscribed to.
        pub plan: Option<Plan>,
        /// What the plan belongs to.
        pub product: Option<Product>,
        /// In the major unit of the currency, e.g. `10.00`.
        pub amount: Option<DecimalText>,
        /// In the minor unit of the currency, e.g. cents. Use this or `amount`; never derive one from the other: they
        /// need not agree.
        pub amount_units: Option<i64>,
        /// ISO 4217, e.g. `USD`.
        pub currency: Option<String>,
        /// How often it is charged, in words, e.g. `1 month`.
        pub recurrence: Option<String>,
        /// The day on which it begins, `YYYY-MM-DD`.
        pub start_date: Option<String>,
        /// The day on which it ends, `YYYY-MM-DD`; absent while no end is known.
        pub end_date: Option<String>,
        /// When the current billing period began, RFC 3339.
        pub billing_period_start_time: Option<String>,
        /// When the current billing period ends, RFC 3339.
        pub billing_period_end_time: Option<String>,
        /// When the trial began, RFC 3339.
        pub trial_start: Option<String>,
        /// When the trial ends, RFC 3339.
        pub trial_end: Option<String>,
        /// Who subscribes; the customer's two ids are in here only.
        pub customer: Option<Customer>,
        /// The features that are subscribed to. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the subscription was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the subscription last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for Subscription {}

open_enum! {
    /// Whether a subscription is running.
    ///
    /// ```
    /// use kelviq_core::{Subscription, SubscriptionStatus};
    ///
    /// fn grants_access(subscription: &Subscription) -> bool {
    ///     matches!(
    ///         subscription.status,
    ///         Some(SubscriptionStatus::Active | SubscriptionStatus::Trialing | SubscriptionStatus::PastDue)
    ///     )
    /// }
    /// ```
    pub enum SubscriptionStatus {
        /// The first payment has not succeeded yet.
        Incomplete = "incomplete",
        /// The first payment did not succeed in time.
        IncompleteExpired = "incomplete_expired",
        Trialing = "trialing",
        Active = "active",
        /// A payment is overdue.
        PastDue = "past_due",
        /// With one `l`, although the event is `subscription.cancelled`.
        Canceled = "canceled",
    }
}
