//! Refunds: the objects of `refund.created` and `refund.updated`.

use super::Customer;
use crate::{DecimalText, model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// A refund, of an order or a part of it.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, RefundStatus, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::RefundCreated(refund) | EventData::RefundUpdated(refund) = event.data::<Metadata>()
    ///         && refund.status == Some(RefundStatus::Succeeded)
    ///     {
    ///         println!("{:?} {:?} of order {:?} are paid back", refund.amount, refund.currency, refund.order_id);
    ///     }
    /// }
    /// ```
    pub struct Refund {
        /// Kelviq's id of the refund, a UUID.
        pub id: Option<String>,
        /// How far the refund is.
        pub status: Option<RefundStatus>,
        /// What is paid back, in the major unit of the currency, e.g. `20.0`.
        pub amount: Option<DecimalText>,
        /// In the minor unit of the currency, e.g. cents. Use this or `amount`; never derive one from the other.
        pub amount_units: Option<i64>,
        /// ISO 4217, e.g. `USD`.
        pub currency: Option<String>,
        /// Why it is paid back.
        pub reason: Option<RefundReason>,
        /// The id of the order that is refunded, `ORD-…`.
        pub order_id: Option<String>,
        /// Who is paid; the customer's two ids are in here only.
        pub customer: Option<Customer>,
        /// The id of the subscription that the order belongs to.
        pub subscription_id: Option<String>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the refund was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the refund last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for Refund {}

open_enum! {
    /// How far a refund is.
    ///
    /// ```
    /// use kelviq_core::RefundStatus;
    ///
    /// fn did_not_work(status: &RefundStatus) -> bool {
    ///     matches!(status, RefundStatus::Failed | RefundStatus::Canceled)
    /// }
    /// ```
    pub enum RefundStatus {
        Pending = "PENDING",
        Processing = "PROCESSING",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        /// With one `l`, although an order's status is `CANCELLED`.
        Canceled = "CANCELED",
    }
}

open_enum! {
    /// Why a refund was made. Kelviq's own `OTHER` is `Other("OTHER")`.
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
