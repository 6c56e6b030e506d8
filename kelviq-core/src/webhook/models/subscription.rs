//! Subscriptions: the object of `subscription.created`, `.updated`, `.cancelled` and `.plan_changed`.

use super::{
    customer::Customer,
    product::{Plan, Product},
};
use crate::{
    decimal_text::DecimalText, json_text::JsonText, model::model, open_enum::open_enum,
    time_text::TimeText, webhook::event_object::EventObject,
};

model! {
    /// A subscription, the object of the `subscription.*` events.
    ///
    /// A change of the plan can replace the subscription with a new one. The event `subscription.plan_changed` then
    /// contains the new subscription, and [`VerifiedEvent::previous`](crate::VerifiedEvent::previous) returns the old
    /// one, which has a different [`id`](Self::id).
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::SubscriptionCancelled(subscription) = event.data() {
    ///         // It can remain active until the end of the paid period.
    ///         println!("{:?} ends on {:?}", subscription.id, subscription.end_date);
    ///     }
    /// }
    /// ```
    pub struct Subscription {
        /// Kelviq's id of the subscription, a UUID.
        pub id: Option<String>,
        /// The status.
        pub status: Option<SubscriptionStatus>,
        /// The plan.
        pub plan: Option<Plan>,
        /// The product that the plan belongs to.
        pub product: Option<Product>,
        /// The amount of one charge in the major unit of the currency, e.g. `10.00`.
        pub amount: Option<DecimalText>,
        /// The amount in the minor unit of the currency, e.g. cents. Use either this or `amount`. Do not derive one from the
        /// other, because the two can differ.
        pub amount_units: Option<i64>,
        /// The ISO 4217 currency code, e.g. `USD`.
        pub currency: Option<String>,
        /// A description of how often the subscription is charged, e.g. `1 month`.
        pub recurrence: Option<String>,
        /// The first day, `YYYY-MM-DD`.
        pub start_date: Option<TimeText>,
        /// The last day, `YYYY-MM-DD`. Missing if no end is known.
        pub end_date: Option<TimeText>,
        /// When the current billing period started, in RFC 3339 format.
        pub billing_period_start_time: Option<TimeText>,
        /// When the current billing period ends, in RFC 3339 format.
        pub billing_period_end_time: Option<TimeText>,
        /// When the trial started, in RFC 3339 format.
        pub trial_start: Option<TimeText>,
        /// When the trial ends, in RFC 3339 format.
        pub trial_end: Option<TimeText>,
        /// The customer, with both ids.
        pub customer: Option<Customer>,
        /// The features of the subscription. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the subscription was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the subscription was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for Subscription {
    const KIND: &str = "subscription";
}

open_enum! {
    /// The status of a subscription.
    ///
    /// ```
    /// use kelviq_core::{Subscription, SubscriptionStatus};
    ///
    /// /// Returns `None` for a status that Kelviq has added: keep the access that the customer has.
    /// fn grants_access(subscription: &Subscription) -> Option<bool> {
    ///     match subscription.status.as_ref()? {
    ///         SubscriptionStatus::Active | SubscriptionStatus::Trialing => Some(true),
    ///         // Kelviq tries again for up to 14 days.
    ///         SubscriptionStatus::PastDue => Some(true),
    ///         SubscriptionStatus::Incomplete | SubscriptionStatus::IncompleteExpired => Some(false),
    ///         SubscriptionStatus::Canceled => Some(false),
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub enum SubscriptionStatus {
        /// The first payment is pending.
        Incomplete = "incomplete",
        /// The first payment was not made in time.
        IncompleteExpired = "incomplete_expired",
        Trialing = "trialing",
        Active = "active",
        /// A payment is overdue.
        PastDue = "past_due",
        /// Spelled with one `l`, unlike the event type `subscription.cancelled`.
        Canceled = "canceled",
    }
}
