//! Invoices: the objects of `invoice.created`, `invoice.paid` and `invoice.payment_failed`.

use super::{Customer, Product};
use crate::{DecimalText, model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// An invoice.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, VerifiedEvent};
    /// # fn send_reminder(email: &str, link: &str) {}
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::InvoicePaymentFailed(invoice) = event.data::<Metadata>() {
    ///         let email = invoice.customer.and_then(|customer| customer.email);
    ///         if let (Some(email), Some(link)) = (email, invoice.payment_link) {
    ///             send_reminder(&email, &link);
    ///         }
    ///     }
    /// }
    /// ```
    pub struct Invoice {
        /// The invoice's id, `INV-…`.
        pub id: Option<String>,
        /// Whether it is paid.
        pub status: Option<InvoiceStatus>,
        /// When it was paid, RFC 3339.
        pub paid_at: Option<String>,
        /// When it is due.
        pub due_date: Option<String>,
        /// In the major unit of the currency, e.g. `40`.
        pub amount_total: Option<DecimalText>,
        /// In the minor unit of the currency, e.g. cents. Use this or `amount_total`; never derive one from the other.
        pub amount_total_units: Option<i64>,
        /// ISO 4217, e.g. `USD`.
        pub currency: Option<String>,
        /// The id of the order that it is for.
        pub order_id: Option<String>,
        /// Kelviq's own id of the customer, a UUID. The app's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// Who pays.
        pub customer: Option<Customer>,
        /// The id of the subscription that it is for.
        pub subscription_id: Option<String>,
        /// What it is for.
        pub product: Option<Product>,
        /// Where the customer can pay it. The URL is signed: whoever has it sees the invoice.
        pub payment_link (personal): Option<String>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the invoice was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the invoice last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for Invoice {}

open_enum! {
    /// Whether an invoice is paid.
    ///
    /// ```
    /// use kelviq_core::{Invoice, InvoiceStatus};
    ///
    /// fn is_unpaid(invoice: &Invoice) -> bool {
    ///     matches!(invoice.status, Some(InvoiceStatus::Open | InvoiceStatus::PaymentFailed))
    /// }
    /// ```
    pub enum InvoiceStatus {
        Open = "OPEN",
        Paid = "PAID",
        PaymentFailed = "PAYMENT_FAILED",
    }
}
