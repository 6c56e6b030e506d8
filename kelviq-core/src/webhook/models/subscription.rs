//! Subscriptions: the object of `subscription.created`, `.updated`, `.cancelled` and `.plan_changed`, and of the list.

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
    /// A subscription, the object of the `subscription.*` events, and of
    /// [`Kelviq::list_subscriptions`](crate::Kelviq::list_subscriptions).
    ///
    /// A listed subscription and one in an event have some fields that the other has not.
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
        /// Whether this is a subscription or a one-time purchase. Only in a list.
        pub billing_type: Option<BillingType>,
        /// The product that the plan belongs to. In a list, it has only a name.
        pub product: Option<Product>,
        /// The amount of one charge in the major unit of the currency, e.g. `10.00`.
        pub amount: Option<DecimalText>,
        /// The amount in the minor unit of the currency, e.g. cents. Use either this or `amount`. Do not derive one from the
        /// other, because the two can differ.
        pub amount_units: Option<i64>,
        /// The ISO 4217 currency code: in an event in upper case, e.g. `USD`, in a list in lower case.
        pub currency: Option<String>,
        /// A description of how often the subscription is charged, e.g. `1 month`.
        pub recurrence: Option<String>,
        /// The first day, `YYYY-MM-DD`.
        pub start_date: Option<TimeText>,
        /// The last day, `YYYY-MM-DD`. Missing if no end is known.
        pub end_date: Option<TimeText>,
        /// When the cancellation was recorded, in RFC 3339 format: before `end_date` if the subscription was cancelled for a later
        /// day. Only in a list.
        pub canceled_at: Option<TimeText>,
        /// Who cancelled the subscription. Only in a list.
        pub cancellation_reason: Option<CancellationReason>,
        /// When the current billing period started, in RFC 3339 format.
        pub billing_period_start_time: Option<TimeText>,
        /// When the current billing period ends, in RFC 3339 format.
        pub billing_period_end_time: Option<TimeText>,
        /// When the trial started, in RFC 3339 format.
        pub trial_start: Option<TimeText>,
        /// When the trial ends, in RFC 3339 format.
        pub trial_end: Option<TimeText>,
        /// The application's id of the customer. Only in a list: in an event, it is `customer.customer_id`.
        pub customer_id: Option<String> = "customerId",
        /// The customer, with both ids. Only in an event.
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
    /// [`Subscription::gives_access`] returns what the status means for the customer's access, and
    /// [`Subscription::is_current`] whether the customer counts as a subscriber.
    ///
    /// ```
    /// use kelviq_core::{Subscription, SubscriptionStatus};
    ///
    /// fn hint(subscription: &Subscription) -> Option<&'static str> {
    ///     match subscription.status.as_ref()? {
    ///         SubscriptionStatus::PastDue => Some("Your payment failed. Please check your card."),
    ///         SubscriptionStatus::Incomplete => Some("We are waiting for your first payment."),
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
        /// A payment is overdue. Kelviq tries to charge a card again for up to 14 days.
        PastDue = "past_due",
        /// Spelled with one `l`, unlike the event type `subscription.cancelled`. A status `cancelled` is read as this one.
        Canceled = "canceled" | "cancelled",
        /// Replaced by a newer record, e.g. when the plan was changed.
        Superseded = "superseded",
    }
}

open_enum! {
    /// Who cancelled a subscription.
    ///
    /// ```
    /// use kelviq_core::{CancellationReason, Subscription};
    ///
    /// fn ask_why(subscription: &Subscription) -> bool {
    ///     subscription.cancellation_reason == Some(CancellationReason::ByCustomer)
    /// }
    /// ```
    pub enum CancellationReason {
        ByCustomer = "CANCELLED_BY_CUSTOMER",
        ByMerchant = "CANCELLED_BY_MERCHANT",
        /// By the payment provider.
        ByProvider = "CANCELLED_BY_PROVIDER",
    }
}
