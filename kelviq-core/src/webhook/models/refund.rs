//! Refunds: the object of `refund.created` and `refund.updated`.

use super::customer::Customer;
use crate::{
    decimal_text::DecimalText, model::model, open_enum::open_enum, time_text::TimeText,
    webhook::event_object::EventObject,
};

model! {
    /// A full or partial refund of an order, the object of `refund.created` and `refund.updated`.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, RefundStatus, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     let (EventData::RefundCreated(refund) | EventData::RefundUpdated(refund)) = event.data() else {
    ///         return;
    ///     };
    ///     match refund.status {
    ///         Some(RefundStatus::Succeeded) => {
    ///             println!("refunded {:?} {:?} of order {:?}", refund.amount, refund.currency, refund.order_id);
    ///         }
    ///         Some(RefundStatus::Pending | RefundStatus::Processing) => {}
    ///         Some(RefundStatus::Failed | RefundStatus::Canceled) => {}
    ///         // A status that Kelviq has added, for a person to look at.
    ///         status => eprintln!("refund {:?} has the status {status:?}", refund.id),
    ///     }
    /// }
    /// ```
    pub struct Refund {
        /// Kelviq's id of the refund, a UUID.
        pub id: Option<String>,
        /// The status.
        pub status: Option<RefundStatus>,
        /// The refunded amount in the major unit of the currency, e.g. `20.0`.
        pub amount: Option<DecimalText>,
        /// The refunded amount in the minor unit of the currency, e.g. cents. Use either this or `amount`. Do not derive one from the other.
        pub amount_units: Option<i64>,
        /// The ISO 4217 currency code, e.g. `USD`.
        pub currency: Option<String>,
        /// The reason.
        pub reason: Option<RefundReason>,
        /// The id of the refunded order, `ORD-…`.
        pub order_id: Option<String>,
        /// The customer, with both ids.
        pub customer: Option<Customer>,
        /// The id of the subscription that the order belongs to, if there is one.
        pub subscription_id: Option<String>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the refund was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the refund was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for Refund {
    const KIND: &str = "refund";
}

open_enum! {
    /// The status of a refund.
    ///
    /// ```
    /// use kelviq_core::RefundStatus;
    ///
    /// fn has_failed(status: &RefundStatus) -> bool {
    ///     matches!(status, RefundStatus::Failed | RefundStatus::Canceled)
    /// }
    /// ```
    pub enum RefundStatus {
        Pending = "PENDING",
        Processing = "PROCESSING",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        /// Spelled with one `l`, unlike [`OrderStatus::Cancelled`](crate::OrderStatus::Cancelled).
        Canceled = "CANCELED",
    }
}

open_enum! {
    /// The reason for a refund. Kelviq's value `OTHER` is `Other("OTHER")`.
    ///
    /// ```
    /// use kelviq_core::{Refund, RefundReason};
    ///
    /// fn needs_review(refund: &Refund) -> bool {
    ///     refund.reason == Some(RefundReason::Fraudulent)
    /// }
    /// ```
    pub enum RefundReason {
        Duplicate = "DUPLICATE",
        DashboardInitiated = "DASHBOARD_INITIATED",
        Fraudulent = "FRAUDULENT",
        RequestedByCustomer = "REQUESTED_BY_CUSTOMER",
    }
}
