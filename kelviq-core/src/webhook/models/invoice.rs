//! Invoices: the object of `invoice.created`, `invoice.paid` and `invoice.payment_failed`.

use super::{customer::Customer, product::Product};
use crate::{
    decimal_text::DecimalText, model::model, open_enum::open_enum, time_text::TimeText,
    webhook::event_object::EventObject,
};

model! {
    /// An invoice, the object of `invoice.created`, `invoice.paid` and `invoice.payment_failed`.
    ///
    /// ```
    /// use kelviq_core::{EventData, VerifiedEvent};
    /// # fn send_reminder(email: &str, link: &str) {}
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::InvoicePaymentFailed(invoice) = event.data() {
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
        /// The status.
        pub status: Option<InvoiceStatus>,
        /// When the invoice was paid, in RFC 3339 format.
        pub paid_at: Option<TimeText>,
        /// When the invoice is due.
        pub due_date: Option<TimeText>,
        /// The amount in the major unit of the currency, e.g. `40`.
        pub amount_total: Option<DecimalText>,
        /// The amount in the minor unit of the currency, e.g. cents. Use either this or `amount_total`. Do not derive one from the other.
        pub amount_total_units: Option<i64>,
        /// The ISO 4217 currency code, e.g. `USD`.
        pub currency: Option<String>,
        /// The id of the order.
        pub order_id: Option<String>,
        /// Kelviq's id of the customer, a UUID. The application's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// The customer.
        pub customer: Option<Customer>,
        /// The id of the subscription, if there is one.
        pub subscription_id: Option<String>,
        /// The product.
        pub product: Option<Product>,
        /// The URL of the page on which the customer can pay. It is signed: anyone with the URL can see the invoice.
        pub payment_link (personal): Option<String>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the invoice was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the invoice was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for Invoice {
    const KIND: &str = "invoice";
}

open_enum! {
    /// The status of an invoice.
    ///
    /// ```
    /// use kelviq_core::{Invoice, InvoiceStatus};
    ///
    /// fn is_paid(invoice: &Invoice) -> bool {
    ///     // Kelviq can add a status, but a paid invoice has the time of the payment.
    ///     invoice.status == Some(InvoiceStatus::Paid) || invoice.paid_at.is_some()
    /// }
    /// ```
    pub enum InvoiceStatus {
        Open = "OPEN",
        Paid = "PAID",
        PaymentFailed = "PAYMENT_FAILED",
    }
}
